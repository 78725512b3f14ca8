//! Where Classic Load Balancer is: one central host for many regions, one host each for the others.
//!
//! Source: the endpoint maps of the vendor's SDKs (43 regions at the central host), the vendor's
//! command-line metadata (hosts inside a VPC), and the SDKs' rule `slb.{region}.aliyuncs.com`.

use crate::core::endpoint::Endpoint;
use crate::core::text::{has_word, join};

/// The host of the central regions; there the parameter `RegionId` decides.
const CENTRAL: &str = "slb.aliyuncs.com";

/// Regions served by the central host.
const CENTRAL_REGIONS: &str = "\
    ap-northeast-2-pop ap-southeast-1 cn-beijing cn-beijing-finance-pop cn-beijing-gov-1 \
    cn-beijing-nu16-b01 cn-edge-1 cn-fujian cn-haidian-cm12-c01 cn-hangzhou cn-hangzhou-bj-b01 \
    cn-hangzhou-finance cn-hangzhou-internal-prod-1 cn-hangzhou-internal-test-1 \
    cn-hangzhou-internal-test-2 cn-hangzhou-internal-test-3 cn-hangzhou-test-306 cn-hongkong \
    cn-hongkong-finance-pop cn-north-2-gov-1 cn-qingdao cn-shanghai cn-shanghai-et15-b01 \
    cn-shanghai-et2-b01 cn-shanghai-finance-1 cn-shanghai-inner cn-shanghai-internal-test-1 \
    cn-shenzhen cn-shenzhen-finance-1 cn-shenzhen-inner cn-shenzhen-st4-d01 cn-shenzhen-su18-b01 \
    cn-wuhan cn-yushanfang cn-zhangbei cn-zhangbei-na61-b01 cn-zhangjiakou-na62-a01 \
    cn-zhengzhou-nebula-1 eu-west-1-oxs rus-west-1-pop us-east-1 us-west-1";

/// A region whose host follows no rule.
const ODD: (&str, &str) = ("cn-huhehaote-nebula-1", "slb-api.cn-qingdao-nebula.aliyuncs.com");

/// Regions of customers without a host inside their VPCs; the others have `slb-vpc.{region}.aliyuncs.com`.
const WITHOUT_VPC: &str = "\
    cn-beijing-gov-1 cn-fujian cn-hangzhou-finance cn-north-2-gov-1 cn-wuhan cn-zhangbei";

/// Regions that customers choose from; the other entries are internal names of the vendor. Those that
/// the central host does not serve have one of their own, `slb.{region}.aliyuncs.com`.
pub const CUSTOMER_REGIONS: &str = "\
    ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 \
    ap-southeast-5 ap-southeast-6 ap-southeast-7 cn-beijing cn-beijing-finance-1 cn-beijing-gov-1 \
    cn-chengdu cn-fujian cn-fuzhou cn-guangzhou cn-hangzhou cn-hangzhou-finance cn-heyuan \
    cn-heyuan-acdr-1 cn-hongkong cn-huhehaote cn-nanjing cn-north-2-gov-1 cn-qingdao cn-shanghai \
    cn-shanghai-finance-1 cn-shenzhen cn-shenzhen-finance-1 cn-wuhan cn-wuhan-lr cn-wulanchabu \
    cn-zhangbei cn-zhangjiakou cn-zhengzhou-jva eu-central-1 eu-west-1 me-central-1 me-east-1 \
    na-south-1 us-east-1 us-west-1";

/// The endpoint of `region`, in its VPC or public; `None` where it is not known.
#[must_use]
pub fn endpoint(region: &str, vpc: bool) -> Option<Endpoint> {
    let own = |begin| Some(Endpoint::https(&join(&[begin, region, ".aliyuncs.com"])));
    let customer = has_word(CUSTOMER_REGIONS, region);
    let (odd, host) = ODD;
    if vpc {
        if customer && !has_word(WITHOUT_VPC, region) { own("slb-vpc.") } else { None }
    } else if has_word(CENTRAL_REGIONS, region) {
        Some(Endpoint::https(CENTRAL))
    } else if customer {
        own("slb.")
    } else {
        (region == odd).then(|| Endpoint::https(host))
    }
}
