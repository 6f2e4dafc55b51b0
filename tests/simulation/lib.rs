//! The simulation is the test `simulation`; this library is empty, since a package needs a target that is no test.
