namespace StreamSettle.Connectors.Embedded;

/// <summary>A table of the source.</summary>
public sealed record TableName(string Schema, string Name)
{
    /// <summary>For SQL.</summary>
    internal string Quoted => $"{Quote(Schema)}.{Quote(Name)}";

    public override string ToString() => $"{Schema}.{Name}";

    internal static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
