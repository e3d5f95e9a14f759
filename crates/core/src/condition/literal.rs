//! The texts that operators compare by meaning: numbers, dates, addresses, booleans, base64.
//!
//! Each type has one constructor for the policy's side and the request's side alike, and says what
//! AWS was seen to accept. What can't be read is `None`; [`super`] says what an operator makes of it.

use std::cmp::Ordering;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use time::{Date, Month, OffsetDateTime};

const JULIAN_DAY_OF_1970: i32 = 2_440_588;

/// A decimal number of any length, compared exactly: `01`, `+1`, `1.` and `1e0` are equal, and
/// 2^53 + 1 is not 2^53 (observed, radkawar/stackd fixtures, 2026-09-12).
#[derive(Debug, Clone, Copy)]
pub struct Decimal<'a> {
    negative: bool,
    /// The digits without leading zeros, in two runs: before and after the point.
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> Decimal<'a> {
    /// Reads a number: a sign, digits with a point somewhere, an exponent. No blanks, no `NaN`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        Some(Self {
            negative,
            whole: whole.trim_start_matches('0'),
            fraction: fraction.trim_end_matches('0'),
            exponent,
        })
    }

    /// The significant digits, and the power of ten that the first one stands for.
    fn significant(self) -> (impl Iterator<Item = u8>, i64) {
        let zeros = |s: &str| s.len() - s.trim_start_matches('0').len();
        let (skipped, magnitude) = if self.whole.is_empty() {
            let skipped = zeros(self.fraction);
            (skipped, -i64::try_from(skipped).unwrap_or(i64::MAX))
        } else {
            (0, i64::try_from(self.whole.len()).unwrap_or(i64::MAX))
        };
        let digits = self
            .whole
            .bytes()
            .chain(self.fraction.bytes())
            .skip(skipped);
        (digits, magnitude.saturating_add(self.exponent))
    }

    fn is_zero(self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    /// Compares two numbers exactly.
    #[must_use]
    pub fn compare(self, other: Self) -> Ordering {
        match (self.sign(), other.sign()) {
            (a, b) if a != b => a.cmp(&b),
            (-1, _) => other.compare_magnitude(self),
            _ => self.compare_magnitude(other),
        }
    }

    fn sign(self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (_, true) => -1,
            _ => 1,
        }
    }

    fn compare_magnitude(self, other: Self) -> Ordering {
        let (mine, my_magnitude) = self.significant();
        let (theirs, their_magnitude) = other.significant();
        if self.is_zero() && other.is_zero() {
            return Ordering::Equal;
        }
        // Trailing zeros before the point are digits too: compare as if both ran on with zeros.
        let (mut mine, mut theirs) = (mine, theirs);
        my_magnitude.cmp(&their_magnitude).then_with(|| {
            loop {
                match (mine.next(), theirs.next()) {
                    (None, None) => return Ordering::Equal,
                    (a, b) => match a.unwrap_or(b'0').cmp(&b.unwrap_or(b'0')) {
                        Ordering::Equal => {}
                        different => return different,
                    },
                }
            }
        })
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size = digits
        .parse::<i64>()
        .unwrap_or(i64::MAX / 4)
        .min(i64::MAX / 4);
    Some(if text.starts_with('-') { -size } else { size })
}

/// Reads a date as milliseconds since 1970, the precision at which AWS compares (observed,
/// radkawar/stackd fixtures, 2026-09-12). Accepted are W3C's ISO 8601 forms (year, year-month, day,
/// minutes, seconds, fractions; `Z`, an offset, or no zone, which is UTC) and whole epoch seconds with a sign.
///
/// ```
/// use rolecall_core::condition::literal::date;
///
/// assert_eq!(date("2030-01-01"), date("+1893456000"));
/// assert_eq!(date("2030-01-01T01:00:00+01:00"), date("2030-01-01T00:00:00"));
/// assert_eq!(date("soon"), None);
/// ```
#[must_use]
pub fn date(text: &str) -> Option<i64> {
    if let Some(seconds) = epoch(text) {
        return seconds.checked_mul(1000);
    }
    let (day, time) = match text.split_once(['T', 't']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let millis_of_day = time.map_or(Some(0), time_of_day)?;
    Some(days(day)? * 86_400_000 + millis_of_day)
}

fn epoch(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Four digits are a year in W3C's form; nobody writes an instant of 1970 as epoch seconds.
    let is_year = digits.len() == 4 && digits.len() == text.len();
    if is_year
        || digits.is_empty()
        || digits.len() > 15
        || !digits.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    text.parse().ok()
}

fn days(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let year = fixed(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |t| fixed(t, 2))?;
    let day = parts.next().map_or(Some(1), |t| fixed(t, 2))?;
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date =
        Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()?;
    Some(i64::from(date.to_julian_day() - JULIAN_DAY_OF_1970))
}

fn time_of_day(text: &str) -> Option<i64> {
    let zone_at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(zone_at)?;
    let mut parts = clock.split(':');
    let hour = fixed(parts.next()?, 2)?;
    let minute = fixed(parts.next()?, 2)?;
    let millis = parts.next().map_or(Some(0), seconds)?;
    if parts.next().is_some() || hour > 23 || minute > 59 {
        return None;
    }
    Some((hour * 60 + minute - offset(zone)?) * 60_000 + millis)
}

fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let whole = fixed(whole, 2).filter(|s| *s <= 59)?;
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digit = |i: usize| {
        fraction
            .as_bytes()
            .get(i)
            .map_or(0, |b| i64::from(b - b'0'))
    };
    Some(whole * 1000 + digit(0) * 100 + digit(1) * 10 + digit(2))
}

fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.chars().next() {
        None => return Some(0),
        Some('Z' | 'z') => return (zone.len() == 1).then_some(0),
        Some('-') => -1,
        _ => 1,
    };
    let digits = zone.get(1..)?;
    let (hours, minutes) = digits
        .split_once(':')
        .or_else(|| digits.split_at_checked(2))
        .unwrap_or((digits, "00"));
    let minutes = if minutes.is_empty() {
        0
    } else {
        fixed(minutes, 2)?
    };
    Some(sign * (fixed(hours, 2)? * 60 + minutes))
}

/// A number of exactly `width` digits.
fn fixed(text: &str, width: usize) -> Option<i64> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// The UTC time of an instant as `2026-11-23T14:05:00Z`; the bare number where no calendar reaches it.
#[must_use]
pub fn iso(epoch_seconds: i64) -> String {
    let Ok(t) = OffsetDateTime::from_unix_timestamp(epoch_seconds) else {
        return epoch_seconds.to_string();
    };
    let (day, clock) = (t.date(), t.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        day.year(),
        u8::from(day.month()),
        day.day(),
        clock.hour(),
        clock.minute(),
        clock.second()
    )
}

/// `true` in any letter case is true, every other text is false (observed: "yes", "1", "" and
/// " true " are false; radkawar/stackd fixtures, 2026-09-12).
#[must_use]
pub const fn boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true")
}

/// A network as a policy writes it: an address, with or without a prefix length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Reads a network. IAM stores leading zeros, `/024` and `/+24` (observed, radkawar/stackd
    /// fixtures, 2026-09-12), so they are read here.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address = network_address(address)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) => prefix_length(digits).filter(|p| *p <= most)?,
            None => most,
        };
        Some(Self { address, prefix })
    }

    /// An address in the network, as text: the first that is not the network's own.
    #[must_use]
    pub fn first_address(&self) -> String {
        let first = match self.address {
            IpAddr::V4(network) if self.prefix < 32 => {
                let mask = u32::MAX.checked_shl(32 - self.prefix).unwrap_or(0);
                IpAddr::V4(((network.to_bits() & mask) | 1).into())
            }
            IpAddr::V6(network) if self.prefix < 128 => IpAddr::V6((network.to_bits() | 1).into()),
            address => address,
        };
        first.to_string()
    }

    /// Whether an address lies in the network. Host bits of an IPv4 network are ignored; an IPv6
    /// network with host bits set contains nothing (observed, as above).
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - self.prefix).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                network.to_bits() == address.to_bits() & self.mask6()
            }
            _ => false,
        }
    }

    /// The address that it is written with.
    #[must_use]
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// Whether it is a single address.
    #[must_use]
    pub const fn is_single(&self) -> bool {
        self.prefix == if self.address.is_ipv4() { 32 } else { 128 }
    }

    /// Whether all of it lies in the other.
    #[must_use]
    pub fn lies_in(&self, other: &Self) -> bool {
        self.prefix >= other.prefix && other.contains(self.address)
    }

    /// Whether bits are set beyond the prefix.
    #[must_use]
    pub fn has_host_bits(&self) -> bool {
        match self.address {
            IpAddr::V4(network) => {
                network.to_bits() & !u32::MAX.checked_shl(32 - self.prefix).unwrap_or(0) != 0
            }
            IpAddr::V6(network) => network.to_bits() & !self.mask6() != 0,
        }
    }

    /// Whether the address is an IPv6 one.
    #[must_use]
    pub const fn is_ipv6(&self) -> bool {
        self.address.is_ipv6()
    }

    fn mask6(&self) -> u128 {
        u128::MAX.checked_shl(128 - self.prefix).unwrap_or(0)
    }
}

fn prefix_length(digits: &str) -> Option<u32> {
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    (!digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

fn network_address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Some(IpAddr::V6(address));
    }
    let mut bytes = [0u8; 4];
    let mut parts = text.split('.');
    for byte in &mut bytes {
        *byte = parts
            .next()
            .and_then(prefix_length)
            .and_then(|n| u8::try_from(n).ok())?;
    }
    parts
        .next()
        .is_none()
        .then(|| IpAddr::V4(Ipv4Addr::from(bytes)))
}

/// Reads the request's address: strict, no leading zeros, no prefix. An IPv4 address mapped into
/// IPv6 counts as IPv4 (stated in radkawar/stackd's documents).
#[must_use]
pub fn address(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    Some(address.to_canonical())
}

/// The six parts of an ARN, `arn:partition:service:region:account:resource`; the resource may hold colons.
#[must_use]
pub fn arn(text: &str) -> Option<[&str; 6]> {
    let mut parts = text.splitn(6, ':');
    let parts: [&str; 6] = std::array::from_fn(|_| parts.next().unwrap_or("\0"));
    let whole = !parts.contains(&"\0") && parts.first() == Some(&"arn");
    whole.then_some(parts)
}

/// Partition, account and resource of `arn:PARTITION:iam::ACCOUNT:RESOURCE`.
#[must_use]
pub fn iam_arn(text: &str) -> Option<[&str; 3]> {
    let [_, partition, "iam", "", account, resource] = arn(text)? else {
        return None;
    };
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    is_account.then_some([partition, account, resource])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compare(a: &str, b: &str) -> Option<Ordering> {
        Some(Decimal::parse(a)?.compare(Decimal::parse(b)?))
    }

    #[test]
    fn numbers() {
        for (a, b, expected) in [
            ("1", "01", Ordering::Equal),
            ("1", "+1", Ordering::Equal),
            ("1", "1.", Ordering::Equal),
            ("1", "1e0", Ordering::Equal),
            ("0.001", "1e-3", Ordering::Equal),
            ("0", "-0.0", Ordering::Equal),
            ("100", "1e2", Ordering::Equal),
            (".5", "0.50", Ordering::Equal),
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            ("-5", "-4", Ordering::Less),
            ("9", "10", Ordering::Less),
            ("2.25", "2.5", Ordering::Less),
            ("-1", "1", Ordering::Less),
            ("0", "0.1", Ordering::Less),
        ] {
            assert_eq!(compare(a, b), Some(expected), "{a} {b}");
            assert_eq!(compare(b, a), Some(expected.reverse()), "{b} {a}");
        }
        for text in [
            "", "-", ".", "1e", "NaN", "Infinity", "1 ", "0x1", "1_0", "1e1.5", "--1",
        ] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn dates() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-06-01T02:00:00+02:00", date("2026-06-01")),
            ("2026-06-01T00:00:00.500Z", Some(1_780_272_000_500)),
            ("1780272000", date("2026-06-01T00:00:00Z")),
            ("2030-01-01T00:00:00.0001Z", date("2030-01-01")),
            ("2026-06-01T00:00Z", date("2026-06-01")),
            ("2024-02-29", Some(1_709_164_800_000)),
            ("2023-02-29", None),
            ("2026-13-01", None),
            ("2026-06-01T24:00:00Z", None),
            ("2026-06-01T00:00:00Zx", None),
            ("not-a-date", None),
            ("", None),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
        assert_eq!(iso(1_780_272_000), "2026-06-01T00:00:00Z");
    }

    #[test]
    fn networks() {
        for (network, addr, expected) in [
            ("192.0.2.5/24", "192.0.2.1", true),
            ("192.000.002.0/024", "192.0.2.1", true),
            ("192.0.2.0/+24", "192.0.3.1", false),
            ("192.0.2.1", "192.0.2.1", true),
            ("0.0.0.0/0", "203.0.113.7", true),
            ("2001:db8::/64", "2001:DB8:0::5", true),
            ("2001:db8::5/64", "2001:db8::5", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "192.0.2.1", false),
            ("192.0.2.0/24", "::ffff:192.0.2.9", true),
        ] {
            let inside = Network::parse(network)
                .zip(address(addr))
                .map(|(n, a)| n.contains(a));
            assert_eq!(inside, Some(expected), "{network} {addr}");
        }
        for text in [
            "192.0.2.0/33",
            "2001:db8::/129",
            "not-an-ip",
            "1.2.3",
            "1.2.3.256",
            "1.2.3.4/",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
        assert_eq!(address("192.000.2.1"), None);
        assert_eq!(address("192.0.2.1/32"), None);
    }

    proptest! {
        #[test]
        fn iso_is_read_back(seconds in 0i64..4_102_444_800) {
            prop_assert_eq!(date(&iso(seconds)), Some(seconds * 1000));
        }

        #[test]
        fn decimals_compare_as_floats_do(a in -9999i32..9999, b in -9999i32..9999, scale in 0u32..4) {
            let (a, b) = (f64::from(a) / 10f64.powi(scale as i32), f64::from(b) / 100.0);
            prop_assert_eq!(compare(&a.to_string(), &b.to_string()), a.partial_cmp(&b));
        }

        #[test]
        fn no_text_panics(text in "[0-9T:.+\\-eEZ/a]{0,20}") {
            let _ = (Decimal::parse(&text), date(&text), Network::parse(&text), address(&text), arn(&text));
            let _ = compare(&text, "1e5");
        }
    }
}
