//! Somebody else, who works on the same load balancers meanwhile. Whatever he does is done in a second
//! world, too, in which we do nothing: there is to be seen what he alone makes of it.

use crate::chance::Chance;
use crate::cloud::{Act, Backend, Change, Cloud, Family, Health};
use crate::generate;

/// What he did, as far as somebody could call it a change of the plan's matter.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Backends, by load balancer, group and id.
    pub backends: Vec<(usize, usize, String)>,
    /// Rules that were made, edited or deleted, and what those hold or held.
    pub rules: Vec<(usize, usize, String, Vec<String>)>,
    /// Servers and addresses that were added somewhere.
    pub added: Vec<(usize, usize, String)>,
    pub put_in: Vec<((usize, usize), Backend)>,
    pub health: bool,
    pub broken: Vec<usize>,
    pub count: usize,
}

/// Does one thing.
pub fn act(
    cloud: &mut Cloud,
    shadow: &mut Cloud,
    touched: &mut Touched,
    chance: &mut Chance,
    planned: &[(usize, usize, String)],
    next: &mut u32,
    only_health: bool,
) {
    let family = cloud.family;
    let balancer = chance.below(cloud.real.len());
    let group = chance.below(cloud.real[balancer].groups.len());
    let (balancer, group, mut target) = match (planned.is_empty(), chance.permille(700)) {
        (false, true) => {
            let (balancer, group, id) = chance.pick(planned).clone();
            (balancer, group, Some(id))
        }
        _ => (balancer, group, None),
    };
    let of = &cloud.real[balancer].groups[group];
    if target.is_none() || chance.permille(400) {
        target = (!of.backends.is_empty()).then(|| of.backends[chance.below(of.backends.len())].id.clone());
    }
    let rules: Vec<usize> = (0..of.rules.len()).filter(|place| of.rules[*place].own).collect();
    let l7 = family == Family::Ucloud && of.is_l7();
    let backend = target.as_ref().and_then(|id| of.backend(id)).cloned();
    let choice = if only_health { 10 } else { chance.below(16) };
    let act = match (choice, backend) {
        (0, Some(one)) => {
            if of.rules.iter().any(|rule| rule.own && l7 && rule.backends.contains(&one.id)) {
                return;
            }
            touched.backends.push((balancer, group, one.id.clone()));
            Act::Remove(vec![one.id])
        }
        (1 | 2, Some(one)) if family != Family::Ucloud => {
            let weight = if chance.permille(300) { 0 } else { chance.range(1, 100) };
            if weight == one.weight {
                return;
            }
            touched.backends.push((balancer, group, one.id.clone()));
            Act::Weights(vec![(one.id, weight, Some(one.description))])
        }
        (1 | 2, Some(one)) => {
            touched.backends.push((balancer, group, one.id.clone()));
            Act::Enable(one.id, !one.enabled)
        }
        (3, _) => {
            let Some(mut one) = generate::backend(chance, family, of, next) else { return };
            // Often it is what is missing, drained or with a weight of its own.
            let gone = |id: &&String| of.backend(id).is_none();
            let missing = planned.iter().filter(|own| (own.0, own.1) == (balancer, group)).map(|own| &own.2).find(gone);
            let missing = missing.and_then(|id| shadow.real[balancer].groups[group].backend(id)).cloned();
            if let Some(missing) = missing.filter(|missing| of.twin(missing).is_none() && chance.permille(600)) {
                let id = if family == Family::Alibaba { missing.id.clone() } else { one.id };
                let weight = if chance.permille(300) { 0 } else { one.weight };
                one = Backend { id, weight, enabled: missing.enabled, drained_by_us: false, ..missing };
            }
            touched.added.push((balancer, group, one.server.clone()));
            touched.added.push((balancer, group, one.ip.clone()));
            touched.backends.push((balancer, group, one.id.clone()));
            Act::Add(vec![one])
        }
        (4..=7, _) if !rules.is_empty() => {
            let mut rule = of.rules[*chance.pick(&rules)].clone();
            let mut held = rule.backends.clone();
            match chance.below(3) {
                0 => {
                    let free: Vec<&str> = of.backends.iter().map(|one| one.id.as_str()).collect();
                    let free: Vec<&str> = free.into_iter().filter(|id| !held.iter().any(|own| own == id)).collect();
                    if free.is_empty() {
                        return;
                    }
                    rule.backends.push((*chance.pick(&free)).to_owned());
                }
                1 if !held.is_empty() => {
                    rule.backends.remove(chance.below(held.len()));
                }
                _ => rule.matches.push('x'),
            }
            held.extend(rule.backends.clone());
            touched.rules.push((balancer, group, rule.id.clone(), held));
            Act::RuleSet(rule)
        }
        (8, _) if !rules.is_empty() => {
            let rule = &of.rules[*chance.pick(&rules)];
            touched.rules.push((balancer, group, rule.id.clone(), rule.backends.clone()));
            Act::RuleDelete(rule.id.clone())
        }
        (9, _) if l7 => {
            *next += 1;
            let rule = generate::rule(chance, of, format!("policy-new-{next}"), *next as usize);
            touched.rules.push((balancer, group, rule.id.clone(), rule.backends.clone()));
            Act::RuleCreate(rule)
        }
        (10..=14, Some(one)) => {
            touched.health = true;
            Act::Health(one.id, *chance.pick(&[Health::Good, Health::Good, Health::Bad, Health::Unknown]))
        }
        (15, _) if chance.permille(100) && family == Family::Openstack => {
            touched.broken.push(balancer);
            cloud.real[balancer].broken = true;
            return;
        }
        _ => return,
    };
    if !matches!(act, Act::Health(..)) && cloud.locked(balancer) {
        return;
    }
    touched.count += 1;
    let change = Change { balancer, group, act };
    if let Act::Add(backends) = &change.act {
        touched.put_in.extend(backends.iter().map(|one| ((balancer, group), one.clone())));
    }
    shadow.flip(&change);
    match change.act {
        Act::Health(..) => cloud.flip(&change),
        _ => cloud.accept(change, false, chance),
    }
}
