using System.Text.RegularExpressions;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Compatibility;
using StreamSettle.Schemas.Avro.Plans;

namespace StreamSettle.Schemas.Evolution;

/// <summary>
/// Compares a new version of a schema with a released one. Beside Avro's rules, which a registry checks too, it has those without which money would be read wrongly
/// and nobody told: what a number means stays, and what is renamed is still found by older readers where they are to read on.
/// </summary>
static partial class SchemaJudge
{
    /// <summary>Why <paramref name="current"/> does not keep its level against that release; empty where it does.</summary>
    public static IEnumerable<EvolutionProblem> Problems(SchemaFile current, SchemaFile released, Version version)
    {
        var level = current.Level.Keeps(released.Level) ? current.Level : released.Level;
        return Lowered(current, released.Level, version.ToString()).Concat(Problems(current, released.Schema, level, level.Text, version.ToString()));
    }

    /// <summary>A level may be raised, never lowered: what was promised stays so.</summary>
    /// <param name="promised">The older one's; null where it says none.</param>
    public static IEnumerable<EvolutionProblem> Lowered(SchemaFile current, CompatibilityLevel? promised, string older)
    {
        if (promised is not null && !current.Level.Keeps(promised))
        {
            yield return new(
                current.Path, "", "COMPATIBILITY_LOWERED", $"against {older}", $"{promised.Text} was released, this is {current.Level.Text}; put {promised.Text} back");
        }
    }

    /// <summary>Why <paramref name="current"/> does not keep that level against an older schema; empty where it does.</summary>
    /// <param name="said">The level, as messages name it.</param>
    /// <param name="older">The older schema, as messages name it: <c>0.1.0</c>.</param>
    public static IEnumerable<EvolutionProblem> Problems(SchemaFile current, AvroSchema theirs, CompatibilityLevel level, string said, string older)
    {
        var ours = current.Schema;
        foreach (var (direction, found) in Directions(level, ours, theirs, older))
        {
            foreach (var problem in found)
            {
                yield return problem with { File = current.Path, Against = $"{said}, {direction}" };
            }
        }

        foreach (var problem in Meanings(ours, theirs).Concat(level.Forward ? Renames(ours, theirs, older) : []))
        {
            yield return problem with { File = current.Path, Against = $"{said}, against {older}" };
        }
    }

    /// <summary>Why the reader cannot read everything that the writer writes, by Avro's rules; empty where it can.</summary>
    public static IReadOnlyList<Incompatibility> Reasons(AvroSchema reader, AvroSchema writer) => [.. SchemaCompatibility.Check(reader, writer).SelectMany(Deepest)];

    static IEnumerable<(string Direction, IEnumerable<EvolutionProblem> Found)> Directions(CompatibilityLevel level, AvroSchema ours, AvroSchema theirs, string older)
    {
        if (level.Backward)
        {
            yield return ($"reading what {older} wrote", Unread(ours, theirs, reason => reason.Mend));
        }

        if (level.Forward)
        {
            yield return ($"read by {older}", Unread(theirs, ours, reason => MendForOlderReaders(reason.Kind)));
        }
    }

    static IEnumerable<EvolutionProblem> Unread(AvroSchema reader, AvroSchema writer, Func<Incompatibility, string> mend)
    {
        var reasons = Reasons(reader, writer);
        return reasons.Count > 0
            ? reasons.Select(reason => new EvolutionProblem("", SchemaPlace.Of(reader, reason.Location), RuleName(reason.Kind.ToString()), "", $"{reason.What}; {mend(reason)}"))
            : Unresolved(reader, writer);
    }

    /// <summary>What the checker lets pass and a reader cannot: an enum's default, which stands for symbols and not for a field.</summary>
    static IEnumerable<EvolutionProblem> Unresolved(AvroSchema reader, AvroSchema writer)
    {
        try
        {
            AvroPlan.Compile(writer, reader);
            return [];
        }
        catch (AvroResolutionException e)
        {
            return e.Problems.Select(problem => new EvolutionProblem("", problem.Path, RuleName(problem.Rule.ToString()), "", problem.What));
        }
    }

    static IEnumerable<Incompatibility> Deepest(Incompatibility reason) => reason.Within.Count == 0 ? [reason] : reason.Within.SelectMany(Deepest);

    static string MendForOlderReaders(IncompatibilityKind kind) => kind switch
    {
        IncompatibilityKind.ReaderFieldMissingDefaultValue => "put the field back: what was released without a default stays",
        IncompatibilityKind.MissingEnumSymbols => "say it in a new field beside: an enum that was released without a default has its symbols for ever",
        IncompatibilityKind.MissingUnionBranch => "say it in a new field beside: older readers take these branches only",
        IncompatibilityKind.NameMismatch => "put the name back: older readers know no other",
        _ => "put the type back, and add a field of the new type beside",
    };

    static IEnumerable<EvolutionProblem> Meanings(AvroSchema ours, AvroSchema theirs) =>
        from pair in SchemaPairs.Of(theirs, ours)
        where pair.Older.Type == pair.Newer.Type && pair.Older.Logical != pair.Newer.Logical
        select new EvolutionProblem(
            "", pair.Path, "LOGICAL_TYPE_CHANGED", "",
            $"it was {Meaning(pair.Older)} and is {Meaning(pair.Newer)}: the same bytes would mean another value; put it back, and add a field of the new type beside");

    static string Meaning(AvroSchema schema) => schema.Logical is { } logical ? SchemaText.Of(logical) : $"a plain {schema.Description}";

    static IEnumerable<EvolutionProblem> Renames(AvroSchema ours, AvroSchema theirs, string version) =>
        from pair in SchemaPairs.Of(theirs, ours)
        where pair is { Older: RecordSchema, Newer: RecordSchema }
        let older = (RecordSchema)pair.Older
        from field in older.Fields
        let same = ((RecordSchema)pair.Newer).FieldFor(field.Name)
        where same is not null && same.Name != field.Name && older.FieldFor(same.Name) is null && field.Default is not null
        select new EvolutionProblem(
            "", SchemaPairs.Join(pair.Path, same.Name), "RENAMED_FOR_OLDER_READERS", "",
            $"readers of {version} know it as '{field.Name}' and would take their default for it without a word; add '{same.Name}' beside, write both, and retire '{field.Name}' a release later");

    static string RuleName(string kind) => WordBegins().Replace(kind, "_$1").ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex WordBegins();
}
