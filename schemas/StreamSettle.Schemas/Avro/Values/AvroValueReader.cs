using StreamSettle.Schemas.Avro.Plans;

namespace StreamSettle.Schemas.Avro.Values;

/// <summary>Reads values as trees. Not for every record: each value is an object.</summary>
public static class AvroValueReader
{
    /// <param name="plan">One that reads whole values.</param>
    /// <exception cref="Reading.AvroDataException">The bytes are not of the writer's schema.</exception>
    /// <exception cref="AvroResolutionException">The value has a branch or a symbol that the reader cannot take.</exception>
    public static AvroValue Read(AvroPlan plan, ReadOnlySpan<byte> value)
    {
        var builder = new ValueBuilder();
        plan.Read(value, ref builder);
        return builder.Result;
    }
}
