global using StreamSettle.Audit.Events;
global using StreamSettle.Kernel.Calls;
global using StreamSettle.Kernel.Holds;
global using StreamSettle.Kernel.Ids;
global using StreamSettle.Kernel.Time;
global using StreamSettle.Topology.Tests.Bench;
global using Xunit;
