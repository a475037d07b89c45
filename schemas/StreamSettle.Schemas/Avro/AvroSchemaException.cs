namespace StreamSettle.Schemas.Avro;

/// <summary>A text is no schema of Avro: whoever wrote it must mend it.</summary>
/// <param name="path">Where in the text: <c>fields[2].type</c>; empty for the whole.</param>
/// <param name="problem">What is wrong and how it is mended.</param>
public sealed class AvroSchemaException(string path, string problem, Exception? inner = null)
    : Exception(path.Length == 0 ? $"the schema is wrong: {problem}" : $"the schema is wrong at {path}: {problem}", inner)
{
    /// <summary>Where in the text.</summary>
    public string Path { get; } = path;
}
