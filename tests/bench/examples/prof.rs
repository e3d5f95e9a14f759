use rolecall_core::{case::Case, policy::Policy, sts::Attempt, token::Token};
fn main() {
    let case = Case {
        policy: Some(rolecall_bench::POLICY.to_owned()),
        claims: serde_json::from_str(rolecall_bench::CLAIMS).unwrap(),
        ..Case::default()
    };
    let policy = Policy::parse(rolecall_bench::POLICY).unwrap();
    let token = Token::from_case(&case).unwrap();
    let a = Attempt::prepare(&case, &token, &policy);
    let mut n = 0u64;
    for _ in 0..100000 {
        n += (std::hint::black_box(&a).decide(std::hint::black_box(&policy)) as u8) as u64;
    }
    std::process::exit((n & 1) as i32)
}
