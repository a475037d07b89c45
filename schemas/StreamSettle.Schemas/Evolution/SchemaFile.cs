using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Evolution;

/// <summary>A schema of ours, in a file of its own.</summary>
/// <param name="Name">The file's name, which is the same in every release: <c>due-order.avsc</c>.</param>
/// <param name="Path">As it was asked for, for messages.</param>
/// <param name="Level">What a next version has to keep: the attribute <c>compatibility</c> of the schema's own text.</param>
/// <param name="Text">The schema as the file has it.</param>
public sealed record SchemaFile(string Name, string Path, RecordSchema Schema, CompatibilityLevel Level, string Text)
{
    /// <summary>Files of schemas.</summary>
    public const string Pattern = "*.avsc";

    /// <summary>The attribute of a schema that has its level.</summary>
    internal const string LevelAttribute = "compatibility";

    /// <exception cref="UserMistakeException">It is no schema, no record, or does not say its compatibility.</exception>
    /// <exception cref="EnvironmentFailedException">The file cannot be read.</exception>
    public static SchemaFile Read(string path) => Read(path, out var problem) ?? throw new UserMistakeException(problem!.ToString());

    /// <summary>Null where the text is no schema of ours, with what is wrong.</summary>
    internal static SchemaFile? Read(string path, out EvolutionProblem? problem)
    {
        try
        {
            return Parse(path, File.ReadAllText(path), out problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <param name="path">Where the text is from.</param>
    internal static SchemaFile? Parse(string path, string text, out EvolutionProblem? problem)
    {
        problem = null;
        try
        {
            var schema = AvroSchema.Parse(text);
            var level = CompatibilityLevel.Of(schema.Attribute(LevelAttribute));
            if (schema is RecordSchema record && level is not null)
            {
                return new(System.IO.Path.GetFileName(path), path, record, level, text);
            }

            problem = level is null
                ? Problem(path, LevelAttribute, $"it is {schema.Attribute(LevelAttribute) ?? "missing"}; give the schema one of {string.Join(", ", CompatibilityLevel.All.Select(one => one.Text))}")
                : Problem(path, "", $"it is of the type {schema.Description}; what is released is a record");
        }
        catch (AvroSchemaException e)
        {
            problem = Problem(path, e.Path, e.Message);
        }

        return null;
    }

    static EvolutionProblem Problem(string path, string place, string what) => new(path, place, "NO_SCHEMA", "", what);
}
