//! A table for each rule: what is seen, and what the rule says of it. A rule that says nothing is `-`.

use alloc::string::{String, ToString};

use super::*;
use crate::removal::call::{Fate, Patience};
use crate::removal::entry::{Expected, Outcome, State};
use crate::removal::fact::{Fact, Goal};
use crate::removal::family::Edit;
use crate::removal::scene::{Scene, backend, expected, rule};
use crate::removal::world::{Backend, Health, Rule};

/// A decision in one word, with what matters of it.
fn words(decision: Option<Decision>) -> String {
    let Some(decision) = decision else { return "-".into() };
    match decision {
        Decision::Look { after, why, .. } => alloc::format!("look {why} {after}"),
        Decision::Call(Target::Backends(change, entries)) => alloc::format!("{} {entries:?}", change.name()),
        Decision::Call(Target::Rule(index, edit, backends)) => {
            alloc::format!("{} rule {index} {}", edit.name(), backends.join(","))
        }
        Decision::GroupDone => "group done".into(),
        Decision::Refuse(refusal) => alloc::format!("refuse {}", refusal.guard.name()),
        Decision::Fail(error) => alloc::format!("fail {}", kind(error)),
        Decision::GiveUp(error) => alloc::format!("give up {}", kind(&error)),
        Decision::NoGroup => "no group".into(),
        Decision::Believe => "believe".into(),
        Decision::Overdue => "overdue".into(),
    }
}

fn kind(error: &str) -> String {
    serde_json::from_str::<serde_json::Value>(error)
        .map_or_else(|_| error.to_string(), |error| error["kind"].as_str().unwrap_or_default().to_string())
}

fn table(rule: fn(&Sight<'_>) -> Option<Decision>, rows: &[(&str, Scene, &str)]) {
    for (what, scene, wanted) in rows {
        assert_eq!(words(rule(&scene.sight())), *wanted, "{what}");
    }
}

fn needed_table(rule: fn(&Sight<'_>, &Target) -> Option<Decision>, rows: &[(&str, Scene, Target, &str)]) {
    for (what, scene, target, wanted) in rows {
        assert_eq!(words(rule(&scene.sight(), target)), *wanted, "{what}");
    }
}

fn here(phase: Phase) -> Scene {
    Scene::new(phase)
}

fn with(mut scene: Scene, change: impl FnOnce(&mut Scene)) -> Scene {
    change(&mut scene);
    scene
}

fn drain() -> Target {
    Target::Backends(Change::Drain, [0].into())
}

fn remove() -> Target {
    Target::Backends(Change::Remove, [0].into())
}

#[test]
fn unread() {
    let spent = |looks| Patience { lock_looks: looks, ..Patience::default() };
    let unread = || with(here(Phase::Drain), |scene| scene.group().unread = true);
    table(
        super::unread,
        &[
            ("what was read", here(Phase::Drain), "-"),
            (
                "no answer has the group",
                with(here(Phase::Drain), |scene| scene.balancer.groups.clear()),
                "look retry 500",
            ),
            ("it was asked for, and not answered", unread(), "look retry 500"),
            ("a third time", unread().spent(spent(2)), "look retry 2000"),
            ("often enough", unread().spent(spent(3)), "no group"),
        ],
    );
}

#[test]
fn stuck() {
    let stuck = |phase| with(here(phase), |scene| scene.balancer.condition = Condition::Stuck);
    let allowed = r#"{"from": {"id": "lb"}, "remove": {"id": "a"}, "allow": ["locked-or-error"]}"#;
    table(
        super::stuck,
        &[
            ("it can be changed", here(Phase::Remove), "-"),
            ("it is in an error", stuck(Phase::Remove), "refuse locked-or-error"),
            ("also where something is put back", stuck(Phase::PutBack), "refuse locked-or-error"),
            ("allowed by name", stuck(Phase::Remove).asking(allowed), "-"),
        ],
    );
}

#[test]
fn changing() {
    let changing = |looks| {
        let scene = with(here(Phase::Remove), |scene| scene.balancer.condition = Condition::Changing);
        scene.spent(Patience { lock_looks: looks, ..Patience::default() })
    };
    table(
        super::changing,
        &[
            ("it can be changed", here(Phase::Remove), "-"),
            ("it is being changed", changing(0), "look locked 500"),
            ("for some time", changing(5), "look locked 4000"),
            ("the last look", changing(74), "look locked 4000"),
            ("for too long", changing(75), "fail busy"),
        ],
    );
}

#[test]
fn changed() {
    let drained = |scene: Scene| scene.weighing("a", 0).remembering(|memory| memory.drain_sent = true);
    let ruled = |phase, holds: &[&str]| {
        let scene = Scene::with_rules(phase, &[rule("r", &["a", "b"])]);
        with(scene, |scene| scene.group().rules = [rule("r", holds)].into())
    };
    let allowed = r#"{"from": {"id": "lb"}, "remove": {"id": "a"}, "allow": ["changed-by-someone"]}"#;
    let refused = "refuse changed-by-someone";
    table(
        super::changed,
        &[
            ("as it was planned", here(Phase::Drain), "-"),
            ("another weight", here(Phase::Drain).weighing("a", 50), refused),
            ("switched off", with(here(Phase::Drain), |scene| scene.backend("a").enabled = false), refused),
            ("of what is not in the plan", here(Phase::Drain).weighing("b", 50), "-"),
            ("allowed by name", here(Phase::Drain).weighing("a", 50).asking(allowed), "-"),
            ("while it is put back", here(Phase::PutBack).weighing("a", 50), "-"),
            ("to an undo", here(Phase::PutBack).undone().weighing("a", 50), "-"),
            ("drained by us", drained(here(Phase::Drain)), "-"),
            ("drained by somebody else", here(Phase::Drain).weighing("a", 0), refused),
            (
                "drained and seen so, and it takes traffic again",
                here(Phase::Remove).remembering(|memory| (memory.drain_sent, memory.drain_seen) = (true, true)),
                refused,
            ),
            (
                "at another port",
                with(here(Phase::Remove), |scene| scene.backend("a").saved = r#"{"port":81,"address":"a"}"#.into()),
                refused,
            ),
            ("gone", here(Phase::Remove).without("a"), "-"),
            (
                "what has its outcome is nobody's business",
                here(Phase::Remove).weighing("a", 50).remembering(|memory| {
                    memory.outcome = Some(Outcome::Failed);
                }),
                "-",
            ),
            ("a rule as it was planned", ruled(Phase::Detach, &["a", "b"]), "-"),
            (
                "a rule that the plan does not know",
                with(here(Phase::Detach), |scene| scene.group().rules = [rule("new", &["a"])].into()),
                refused,
            ),
            (
                "the vendor's own rule",
                with(here(Phase::Detach), |scene| {
                    scene.group().rules = [Rule { custom: false, ..rule("own", &["a"]) }].into();
                }),
                "-",
            ),
            (
                "a rule with another priority",
                with(ruled(Phase::Detach, &["a", "b"]), |scene| {
                    scene.group().rules[0].saved = r#"{"priority":2}"#.into();
                }),
                refused,
            ),
            (
                "a rule that holds again what was taken out of it",
                ruled(Phase::Detach, &["a", "b"]).remembering_rule(|memory| memory.verified = true),
                refused,
            ),
            ("a rule that holds it when it is taken out", ruled(Phase::Remove, &["a", "b"]), refused),
            ("a rule that has let go", ruled(Phase::Remove, &["b"]), "-"),
        ],
    );
}

#[test]
fn unconfirmed() {
    let unseen = |scene: Scene, change| scene.remembering(|memory| memory.unconfirmed = Some(change));
    let spent = || Patience { effect_looks: 12, ..Patience::default() };
    table(
        super::unconfirmed,
        &[
            ("nothing is open", here(Phase::PutBack), "-"),
            ("a removal may still come", unseen(here(Phase::PutBack), Change::Remove), "look effect 500"),
            ("only where something is put back", unseen(here(Phase::Remove), Change::Remove), "-"),
            ("a drain that is open is put back by a run", unseen(here(Phase::PutBack), Change::Drain), "-"),
            ("an undo waits for it", unseen(here(Phase::PutBack).undone(), Change::Drain), "look effect 500"),
            ("long enough", unseen(here(Phase::PutBack), Change::Remove).spent(spent()), "believe"),
        ],
    );
}

#[test]
fn too_few_after_drain() {
    // `a` was drained, and `b` and `c` have gone since.
    let alone =
        |phase| here(phase).weighing("a", 0).remembering(|memory| memory.drain_sent = true).without("b").without("c");
    table(
        super::too_few_after_drain,
        &[
            ("two stay", here(Phase::Drain), "-"),
            ("none would stay", alone(Phase::Drain), "refuse keep-at-least"),
            ("only at the end of the drain", alone(Phase::Remove), "-"),
            ("not while it is put back", alone(Phase::PutBack), "-"),
        ],
    );
}

#[test]
fn unsettled() {
    let sent = |ago| {
        let scene = here(Phase::PutBack).after(Change::Restore, Fate::Answered);
        with(scene, |scene| scene.now += ago)
    };
    table(
        super::unsettled,
        &[
            ("nothing was put back", here(Phase::PutBack), "-"),
            ("just now", sent(0), "look settle 5000"),
            ("some seconds ago", sent(3_000), "look settle 2000"),
            ("long enough ago", sent(5_000), "believe"),
            ("by a clock that was ahead", sent(-3_000), "look settle 5000"),
            ("it is seen", sent(0).remembering(|memory| memory.unconfirmed = None), "-"),
            ("another phase", with(sent(0), |scene| scene.phase = Phase::Remove), "-"),
        ],
    );
}

#[test]
fn rejected() {
    let wrong = |tries| {
        let scene = here(Phase::Remove).after(Change::Remove, Fate::Rejected(r#"{"kind":"invalid-input"}"#.into()));
        scene.spent(Patience { tries, ..Patience::default() })
    };
    let other = || Target::Backends(Change::Remove, [0, 1].into());
    needed_table(
        super::rejected,
        &[
            ("no call before", here(Phase::Remove), remove(), "-"),
            ("answered well", here(Phase::Remove).after(Change::Remove, Fate::Answered), remove(), "-"),
            ("the same is asked for again", wrong(1), remove(), "give up invalid-input"),
            ("something else is", wrong(1), other(), "-"),
            ("something else, too often", wrong(12), other(), "give up invalid-input"),
        ],
    );
}

#[test]
fn repeated() {
    let looked = |looks, tries, overdue| Patience { effect_looks: looks, tries, overdue, ..Patience::default() };
    let answered = || here(Phase::Remove).after(Change::Remove, Fate::Answered);
    let unknown = || here(Phase::Remove).after(Change::Remove, Fate::Unknown(r#"{"kind":"outcome-unknown"}"#.into()));
    let rule_call = || Target::Rule(0, Edit::Set, ["b".into()].into());
    needed_table(
        super::repeated,
        &[
            ("the first call", here(Phase::Remove), remove(), "-"),
            ("another one before it", answered(), drain(), "-"),
            ("no effect yet", answered(), remove(), "look effect 500"),
            ("still none", answered().spent(looked(6, 0, false)), remove(), "look effect 8000"),
            ("none in all that time", answered().spent(looked(12, 0, false)), remove(), "overdue"),
            ("sent again", answered().spent(looked(0, 2, true)), remove(), "-"),
            ("often enough", answered().spent(looked(0, 3, true)), remove(), "give up unexpected-answer"),
            ("a lost answer is tried longer", unknown().spent(looked(0, 5, true)), remove(), "-"),
            ("and not for ever", unknown().spent(looked(0, 6, true)), remove(), "give up outcome-unknown"),
            (
                "a refused call has no effect to wait for",
                here(Phase::Remove).after(Change::Remove, Fate::Rejected("{}".into())),
                remove(),
                "-",
            ),
            (
                "the same rule",
                Scene::with_rules(Phase::Detach, &[rule("r", &["a", "b"])]).after_call(rule_call(), Fate::Answered),
                rule_call(),
                "look effect 500",
            ),
        ],
    );
}

#[test]
fn too_few() {
    let only_a = |scene: Scene| scene.without("b").without("c");
    let sick = |id: &'static str, scene: Scene| with(scene, |scene| scene.backend(id).health = Health::Unhealthy);
    let keep = |count: &str| {
        here(Phase::Remove)
            .asking(&[r#"{"from": {"id": "lb"}, "remove": {"id": "a"}, "keepAtLeast": "#, count, "}"].concat())
    };
    let allowed = r#"{"from": {"id": "lb"}, "remove": {"id": "a"}, "allow": ["keep-at-least"]}"#;
    let refused = "refuse keep-at-least";
    needed_table(
        super::too_few,
        &[
            ("two stay", here(Phase::Remove), remove(), "-"),
            ("none stays", only_a(here(Phase::Remove)), remove(), refused),
            ("two stay, and two must", keep("2"), remove(), "-"),
            ("two stay, and three must", keep("3"), remove(), refused),
            ("half of three stays", keep("\"50%\""), remove(), "-"),
            ("those that stay fail", sick("b", sick("c", here(Phase::Remove))), remove(), refused),
            ("what goes fails itself", sick("a", only_a(here(Phase::Remove))), remove(), "-"),
            (
                "drained by us, it still counts",
                { only_a(here(Phase::Remove).weighing("a", 0)).remembering(|memory| memory.drain_sent = true) },
                remove(),
                refused,
            ),
            (
                "shown sick since we have drained it, it still counts",
                sick("a", only_a(here(Phase::Remove).weighing("a", 0))).remembering(|memory| memory.drain_sent = true),
                remove(),
                refused,
            ),
            (
                "what is gone counts to what was there",
                keep("\"50%\"").taking(&["a", "b"].map(backend)).without("a").remembering(|memory| {
                    (memory.state, memory.outcome) = (State::Gone, Some(Outcome::Removed));
                }),
                Target::Backends(Change::Remove, [1].into()),
                refused,
            ),
            ("drained by somebody else, it does not", only_a(here(Phase::Remove).weighing("a", 0)), remove(), "-"),
            ("allowed by name", only_a(here(Phase::Remove)).asking(allowed), remove(), "-"),
            ("while it is put back", only_a(here(Phase::PutBack)), remove(), "-"),
        ],
    );
}

/// What is decided by a read that can be gone by.
fn next_table(rows: &[(&str, Scene, &str)]) {
    table(|sight| Some(super::next(sight)), rows);
}

/// The first rule that has something to say decides, and each is asked.
#[test]
fn every_rule_is_asked() {
    let stuck = with(here(Phase::Remove), |scene| scene.balancer.condition = Condition::Stuck);
    let changing = with(here(Phase::Remove), |scene| scene.balancer.condition = Condition::Changing);
    let gone = |phase| here(phase).without("b").without("c");
    table(
        super::usable,
        &[
            ("nothing speaks against it", here(Phase::Remove), "-"),
            ("stuck", stuck, "refuse locked-or-error"),
            ("changing", changing, "look locked 500"),
            ("changed", here(Phase::Drain).weighing("a", 50), "refuse changed-by-someone"),
            (
                "unconfirmed",
                here(Phase::PutBack).remembering(|memory| memory.unconfirmed = Some(Change::Remove)),
                "look effect 500",
            ),
        ],
    );
    next_table(&[
        (
            "too few after the drain",
            gone(Phase::Drain).weighing("a", 0).remembering(|memory| memory.drain_sent = true),
            "refuse keep-at-least",
        ),
        ("unsettled", here(Phase::PutBack).after(Change::Restore, Fate::Answered), "look settle 5000"),
        (
            "rejected",
            here(Phase::Remove).after(Change::Remove, Fate::Rejected(r#"{"kind":"invalid-input"}"#.into())),
            "give up invalid-input",
        ),
        ("repeated", here(Phase::Remove).after(Change::Remove, Fate::Answered), "look effect 500"),
        ("too few", gone(Phase::Remove), "refuse keep-at-least"),
    ]);
}

#[test]
fn drain_is_needed() {
    let undrainable = || with(here(Phase::Drain), |scene| scene.group().undrainable = "the method");
    let allowed = r#"{"from": {"id": "lb"}, "remove": {"id": "a"}, "allow": ["cannot-drain"]}"#;
    let two = || here(Phase::Drain).taking(&["a", "b"].map(backend));
    next_table(&[
        ("drain", here(Phase::Drain), "drain [0]"),
        ("drained", here(Phase::Drain).weighing("a", 0), "group done"),
        (
            "it could not be taken out",
            here(Phase::Drain).remembering(|memory| memory.outcome = Some(Outcome::Failed)),
            "group done",
        ),
        ("two at once", two(), "drain [0, 1]"),
        ("one after the other", with(two(), |scene| scene.batch_limit = 1), "drain [0]"),
        ("weights do nothing here any more", undrainable(), "refuse cannot-drain"),
        ("allowed by name", undrainable().asking(allowed), "group done"),
        ("and nothing is to be drained", undrainable().weighing("a", 0), "group done"),
    ]);
}

#[test]
fn remove_is_needed() {
    next_table(&[
        ("take out", here(Phase::Remove), "remove [0]"),
        ("taken out", here(Phase::Remove).without("a"), "group done"),
        (
            "it could not be taken out",
            here(Phase::Remove).remembering(|memory| memory.outcome = Some(Outcome::Failed)),
            "group done",
        ),
    ]);
}

#[test]
fn detach_is_needed() {
    let ruled = || Scene::with_rules(Phase::Detach, &[rule("r", &["a", "b"])]);
    let last = || Scene::with_rules(Phase::Detach, &[rule("r", &["a"])]);
    let now = |backends: &[&str]| with(ruled(), |scene| scene.group().rules[0] = rule("r", backends));
    let on_empty = |then: &str| {
        last().asking(&[r#"{"from": {"id": "lb"}, "remove": {"id": "a"}, "onEmptyRule": ""#, then, r#""}"#].concat())
    };
    let allowed = r#"{"from": {"id": "lb"}, "remove": {"id": "a"}, "allow": ["empty-rule"]}"#;
    next_table(&[
        ("let go", ruled(), "set rule 0 b"),
        ("let go of", now(&["b"]), "group done"),
        ("what somebody has added stays", now(&["a", "b", "c"]), "set rule 0 b,c"),
        (
            "the vendor's own rule",
            with(ruled(), |scene| scene.group().rules[0] = Rule { custom: false, ..rule("r", &["a", "b"]) }),
            "group done",
        ),
        ("the last of a rule", last(), "refuse empty-rule"),
        ("allowed by name", last().asking(allowed), "set rule 0 "),
        ("the last of a rule that may stay empty", on_empty("leave-empty"), "set rule 0 "),
        ("the last of a rule that may go", on_empty("delete-rule"), "delete rule 0 "),
        (
            "another list than was written",
            now(&["b", "c"]).remembering_rule(|memory| memory.expected = expected(&["b"])),
            "refuse changed-by-someone",
        ),
    ]);
}

#[test]
fn add_is_needed() {
    let missing = || here(Phase::PutBack).without("a").remembering(|memory| memory.remove_sent = true);
    next_table(&[
        ("an undo adds what is gone", missing().undone(), "add [0]"),
        ("a run does not", missing(), "group done"),
        (
            "an undo finds it under another id",
            with(missing().undone(), |scene| {
                scene.group().backends.push(Backend { id: "z".into(), ..backend("a") });
            }),
            "group done",
        ),
        ("nobody here took it out", here(Phase::PutBack).undone().without("a"), "group done"),
        (
            "it is known what became of it",
            missing().undone().remembering(|memory| memory.outcome = Some(Outcome::Restored)),
            "group done",
        ),
        ("it cannot be added", missing().undone().remembering(|memory| memory.cannot_restore = true), "group done"),
    ]);
}

#[test]
fn a_rule_is_put_back() {
    let ruled = |backends: &[&str]| Scene::with_rules(Phase::PutBack, &[rule("r", backends)]);
    let held = || with(ruled(&["a", "b"]), |scene| scene.group().rules = [rule("r", &["b"])].into());
    let edited = || held().remembering_rule(|memory| memory.expected = expected(&["b"]));
    let whole = || ruled(&["a", "b"]).remembering_rule(|memory| memory.expected = expected(&["b"]));
    let deleted = |backends: &[&str]| {
        with(ruled(backends), |scene| scene.group().rules.clear())
            .remembering_rule(|memory| memory.expected = Some(Expected::Gone))
    };
    next_table(&[
        ("back into its rule", edited(), "set rule 0 b,a"),
        ("nobody here has edited it", held(), "group done"),
        ("it is back", whole().remembering_rule(|memory| memory.verified = true), "group done"),
        ("it is back, by a call of ours", whole().remembering_rule(|memory| memory.restore_sent = true), "group done"),
        ("our edit was never seen, and may still come", whole(), "set rule 0 a,b"),
        ("it cannot be put back", edited().remembering_rule(|memory| memory.cannot_restore = true), "group done"),
        (
            "what it is to hold comes first",
            edited().undone().without("a").remembering(|memory| memory.remove_sent = true),
            "add [0]",
        ),
        ("a deleted rule is made again", deleted(&["a"]), "create rule 0 a"),
        ("of nothing no rule is made", deleted(&["a"]).without("a"), "group done"),
        (
            "somebody has deleted it since",
            deleted(&["a"]).remembering_rule(|memory| memory.restored = true),
            "group done",
        ),
    ]);
}

#[test]
fn restore_is_needed() {
    let drained = || here(Phase::PutBack).weighing("a", 0).remembering(|memory| memory.drain_sent = true);
    let sent = || here(Phase::PutBack).remembering(|memory| memory.drain_sent = true);
    next_table(&[
        ("back to its weight", drained(), "restore [0]"),
        ("nobody here has drained it", here(Phase::PutBack).weighing("a", 0), "group done"),
        ("it serves", sent(), "group done"),
        (
            "a drain that no read shows may still come",
            sent().remembering(|memory| memory.unconfirmed = Some(Change::Drain)),
            "restore [0]",
        ),
        ("it cannot be put back", drained().remembering(|memory| memory.cannot_restore = true), "group done"),
        (
            "it was drained before",
            drained().taking(&[Backend { weight: 0, ..backend("a") }]).remembering(|memory| memory.drain_sent = true),
            "group done",
        ),
    ]);
}

#[test]
fn what_is_open_is_not_reported_by_a_read_that_may_be_late() {
    let state = |scene: Scene| crate::removal::observe::entry(&scene.sight(), 0).expect("the group was read").state;
    let open = |scene: Scene, change, drain_seen| {
        scene.remembering(|memory| {
            (memory.unconfirmed, memory.drain_seen) = (Some(change), drain_seen);
            (memory.drain_sent, memory.remove_sent) = (true, change == Change::Remove);
        })
    };
    let (undo, run) = (|| here(Phase::PutBack).undone(), || here(Phase::PutBack));
    for (what, scene, expected) in [
        ("an undo, and the run's removal", open(undo(), Change::Remove, true), State::Unknown),
        ("that shows by now", open(undo().without("a"), Change::Remove, true), State::Gone),
        ("an undo, and the run's drain", open(undo(), Change::Drain, true), State::Unknown),
        ("an undo's own return", open(undo().weighing("a", 0), Change::Restore, true), State::Unknown),
        ("a run's return of what was seen drained", open(run(), Change::Restore, true), State::Serving),
        ("and of what was not: it may be shown as it was before", open(run(), Change::Restore, false), State::Unknown),
        ("a run's removal", open(run(), Change::Remove, true), State::Unknown),
    ] {
        assert_eq!(state(scene), expected, "{what}");
    }
}

#[test]
fn an_undo_that_was_cut_off_tries_a_rule_again_that_it_could_not_put_back() {
    let mut scene = Scene::with_rules(Phase::PutBack, &[rule("r", &["a"])]);
    scene.goal = Goal::Restore { identity: "address port" };
    let target = Target::Rule(0, Edit::Set, ["a".into()].into());
    scene.memory.apply(Fact::CannotBeDone(target, Phase::PutBack, "{}".into()), scene.goal);
    assert!(scene.memory.rules()[0].memory.cannot_restore);
    scene.memory.apply(Fact::TriedAgain, scene.goal);
    assert!(!scene.memory.rules()[0].memory.cannot_restore);
}
