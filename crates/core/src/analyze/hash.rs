//! A fast hash for tables whose size is bounded by a work counter: nothing is gained from collisions.

use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};

/// For `HashMap`.
pub(crate) type Fast = BuildHasherDefault<Mix>;

/// FxHash: multiply and rotate.
#[derive(Debug, Default)]
pub(crate) struct Mix(u64);

impl Mix {
    const fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x51_7c_c1_b7_27_22_0a_95);
    }
}

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.add(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.add(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }
}

/// Things of a list, each once: their numbers, found by hash. The list holds what is compared, so that a thing is
/// kept in memory once.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// A power of two of them; [`FREE`] where there is none.
    slots: Vec<u32>,
    count: usize,
}

const FREE: u32 = u32::MAX;

impl Numbers {
    pub(crate) fn new() -> Self {
        Self {
            slots: vec![FREE; 64],
            count: 0,
        }
    }

    /// The slot of a thing: that which holds its number, or the free one where it belongs. `of` finds things by
    /// number.
    pub(crate) fn find<'t, T: Hash + Eq + ?Sized + 't>(
        &self,
        thing: &T,
        of: impl Fn(u32) -> Option<&'t T>,
    ) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(thing) & mask;
        loop {
            match of(self.slots.get(at).copied().unwrap_or(FREE)) {
                Some(other) if other != thing => at = (at + 1) & mask,
                _ => return at,
            }
        }
    }

    /// The number in a slot.
    pub(crate) fn get(&self, slot: usize) -> Option<u32> {
        self.slots.get(slot).copied().filter(|n| *n != FREE)
    }

    pub(crate) fn put<'t, T: Hash + Eq + ?Sized + 't>(
        &mut self,
        slot: usize,
        number: u32,
        of: impl Fn(u32) -> Option<&'t T>,
    ) {
        let Some(place) = self.slots.get_mut(slot) else {
            return;
        };
        self.count += usize::from(*place == FREE);
        *place = number;
        if self.count * 4 <= self.slots.len() * 3 {
            return;
        }
        let wider = vec![FREE; self.slots.len() * 2];
        for number in std::mem::replace(&mut self.slots, wider) {
            if let Some(thing) = of(number) {
                let slot = self.find(thing, &of);
                if let Some(place) = self.slots.get_mut(slot) {
                    *place = number;
                }
            }
        }
    }
}

fn hash<T: Hash + ?Sized>(thing: &T) -> usize {
    let hash = Fast::default().hash_one(thing);
    usize::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}
