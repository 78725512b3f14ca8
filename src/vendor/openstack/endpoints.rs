//! Where the load balancers and identity services of Huawei and OTC are.
//!
//! Source: the region data of Huawei's SDK, the OTC documentation. A plain OpenStack has no table: its
//! catalogue says.

use crate::core::endpoint::Endpoint;
use crate::core::text::{has_word, join};

/// What catalogues and people write behind the endpoint, or do not.
pub const VERSIONS: &str = "v2.0 v2 v1.0";

/// Huawei regions: `elb.{region}.myhuaweicloud.com`.
const HUAWEI_REGIONS: &str = "\
    ae-ad-1 af-north-1 af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 \
    ap-southeast-5 cn-east-2 cn-east-3 cn-east-4 cn-east-5 cn-north-1 cn-north-12 cn-north-2 \
    cn-north-4 cn-north-9 cn-south-1 cn-south-2 cn-south-4 cn-southwest-2 eu-west-0 eu-west-101 \
    la-north-2 la-south-2 me-east-1 my-kualalumpur-1 na-mexico-1 ru-moscow-1 ru-northwest-2 \
    sa-brazil-1 tr-west-1";

/// Huawei regions without an identity service of their own.
const WITHOUT_IAM: &str = "\
    af-north-1 ap-southeast-5 cn-south-4 eu-west-101 ru-northwest-2";

/// OTC regions with this API. eu-nl and eu-ch2 have the ELB v3 API only.
const OTC_REGIONS: &str = "\
    eu-de";

/// OTC regions without it.
pub const OTC_V3_ONLY: &str = "\
    eu-nl eu-ch2";

/// The regions of a name.
#[must_use]
pub fn regions(name: &str) -> &'static str {
    match name {
        "huawei" => HUAWEI_REGIONS,
        "otc" => OTC_REGIONS,
        _ => "",
    }
}

/// Where `service` (`elb` or `iam`) of a region is.
#[must_use]
pub fn endpoint(name: &str, service: &str, region: &str) -> Option<Endpoint> {
    if !has_word(regions(name), region) {
        return None;
    }
    let central = service == "iam" && has_word(WITHOUT_IAM, region);
    let (dot, region) = if central { ("", "") } else { (".", region) };
    let suffix = if name == "otc" { ".otc.t-systems.com" } else { ".myhuaweicloud.com" };
    Some(Endpoint::https(&join(&[service, dot, region, suffix])))
}
