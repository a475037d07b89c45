global using StreamSettle.Schemas.Avro;
global using StreamSettle.Schemas.Avro.Plans;
global using StreamSettle.Schemas.Avro.Reading;
global using StreamSettle.Schemas.Avro.Values;
global using Xunit;
