namespace StreamSettle.Schemas.Avro;

/// <summary>The name of a record, an enum or a fixed.</summary>
/// <param name="Short">The part behind the last dot.</param>
/// <param name="Space">The namespace; empty for none.</param>
public readonly record struct AvroName(string Short, string Space)
{
    public string Full => Space.Length == 0 ? Short : $"{Space}.{Short}";

    /// <summary>A dotted name stands for itself; one without a dot is in <paramref name="space"/>.</summary>
    public static AvroName Of(string text, string space)
    {
        var dot = text.LastIndexOf('.');
        return dot < 0 ? new(text, space) : new(text[(dot + 1)..], text[..dot]);
    }

    public override string ToString() => Full;
}
