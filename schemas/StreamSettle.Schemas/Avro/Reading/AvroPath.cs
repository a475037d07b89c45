namespace StreamSettle.Schemas.Avro.Reading;

/// <summary>Places in a value, written as <c>after.lines[2].amount</c>.</summary>
internal static class AvroPath
{
    /// <summary>What stands for any item of an array or value of a map.</summary>
    public const string AnyItem = "[]";

    public static string Join(string part, string rest) => rest.Length == 0 ? part : part.Length == 0 ? rest : rest[0] == '[' ? part + rest : $"{part}.{rest}";
}
