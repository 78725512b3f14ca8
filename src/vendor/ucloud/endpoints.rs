//! Where UCloud and SCloud are: one host each; the region is a parameter.
//!
//! Source: <https://docs.ucloud.cn/api/summary/regionlist>. New regions appear without notice, so the
//! list is for choosing from and never for refusing.

/// Regions to choose from.
pub const CUSTOMER_REGIONS: &str = "\
    cn-bj1 cn-bj2 cn-wlcb cn-wlcb2 cn-sh2 cn-jx cn-sh cn-gd2 cn-gd cn-guiyang1 hk tw-tp sg jpn-tky \
    kr-seoul th-bkk idn-jakarta vn-sng ph-mnl ind-mumbai pk-khi us-den us-ca us-ws bra-saopaulo \
    rus-mosc ge-fra uk-london uae-dubai afr-nigeria uz-tas kz-ala mx-mex";

/// The host of a name.
#[must_use]
pub fn host(name: &str) -> &'static str {
    match name {
        "scloud" => "api.scloudsg.com",
        _ => "api.ucloud.cn",
    }
}

/// The http-only host inside UCloud's VPCs.
pub const INSIDE: &str = "api.service.ucloud.cn";
