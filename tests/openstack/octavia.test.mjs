// Everything in cases/ against one Keystone and one Octavia, which take half a minute to start.
// One of them alone: node --test tests/openstack/cases/paging.mjs
import "./cases/assumptions.mjs";
import "./cases/removal.mjs";
import "./cases/locked.mjs";
import "./cases/tokens.mjs";
import "./cases/forbidden.mjs";
import "./cases/paging.mjs";
import "./cases/operations.mjs";
import "./cases/lost.mjs";
import "./cases/meanwhile.mjs";
import "./cases/removal-run.mjs";
import "./cases/removal-refused.mjs";
import "./cases/removal-interrupted.mjs";
import "./cases/removal-meanwhile.mjs";
import "./cases/removal-lost.mjs";
import "./cases/removal-killed.mjs";
