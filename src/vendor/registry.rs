//! The list of the vendors, and who is meant by a name.

use alloc::string::String;

use crate::core::error::{Error, Result};
use crate::core::nearest::suggestion;
use crate::core::text::{cut, push_word};
use crate::core::value::integer;
use crate::removal::{Family, Setting};
use crate::vendor::session::Vendor;
use crate::vendor::{alibaba, openstack, ucloud};

/// Every API family that unpool speaks.
pub const VENDORS: &[&Vendor] = &[&alibaba::VENDOR, &ucloud::VENDOR, &openstack::VENDOR];

/// The family that `name` means, and the name itself.
///
/// # Errors
/// `invalid-input` that names the nearest.
pub fn find(name: &str) -> Result<(&'static Vendor, &'static str)> {
    let mut names = String::new();
    for vendor in VENDORS {
        for known in vendor.names {
            if *known == name {
                return Ok((vendor, known));
            }
            push_word(&mut names, known);
        }
    }
    let message = if name.is_empty() { "vendor must be the name of a cloud" } else { "vendor is not known" };
    Err(Error::invalid("vendor", message, &suggestion(name, &names)))
}

/// What a safe removal has to know of each vendor, by the vendor's names.
///
/// It is no field of [`Vendor`], because the npm package has two modules: the one that signs needs no removal, and the
/// one that removes needs no signature.
pub const FAMILIES: &[(&[&str], &Family)] = &[
    (alibaba::VENDOR.names, &alibaba::removal::FAMILY),
    (ucloud::VENDOR.names, &ucloud::removal::FAMILY),
    (&["otc", "huawei"], &openstack::removal::SHARED),
    (&["openstack"], &openstack::removal::OCTAVIA),
];

/// The removal's part of the vendor that `name` means, and the name itself.
///
/// # Errors
/// `invalid-input` where there is none.
pub fn family(name: &str) -> Result<(&'static Family, &'static str)> {
    for (names, family) in FAMILIES {
        if let Some(known) = names.iter().find(|known| **known == name) {
            return Ok((family, known));
        }
    }
    Err(Error::invalid("vendor", "vendor is not known", ""))
}

/// Whose load balancers a safe removal is about, out of what [`Client::setting_text`](crate::Client::setting_text) says.
///
/// # Errors
/// `invalid-input` where there is no such vendor.
pub fn setting(lines: &str) -> Result<Setting> {
    let (vendor, rest) = cut(lines, "\n");
    let (endpoint, rest) = cut(rest, "\n");
    let (region, batch) = cut(rest, "\n");
    let (family, vendor) = family(vendor)?;
    let batch = integer(batch).map_or(1, |number| number as usize);
    Ok(Setting { family, vendor, endpoint: endpoint.into(), region: region.into(), batch })
}

#[cfg(test)]
mod tests {
    use super::{FAMILIES, VENDORS};

    /// A name without a removal's part, or with two, would be found only by who uses it.
    #[test]
    fn every_name_has_one_part_of_the_removal() {
        let names: alloc::vec::Vec<&str> = VENDORS.iter().flat_map(|vendor| vendor.names).copied().collect();
        let parts: alloc::vec::Vec<&str> = FAMILIES.iter().flat_map(|(names, _)| *names).copied().collect();
        assert_eq!(names, parts);
    }
}
