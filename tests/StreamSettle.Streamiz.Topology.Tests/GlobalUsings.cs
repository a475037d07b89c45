// What the linked tests call the driver is this one: an alias goes before what a namespace brings.
global using TopologyDriver = StreamSettle.Streamiz.Tests.Driver.StreamizDriver;
