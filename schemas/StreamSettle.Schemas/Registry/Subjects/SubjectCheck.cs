using StreamSettle.Schemas.Evolution;

namespace StreamSettle.Schemas.Registry.Subjects;

/// <summary>Whether a schema may become the next version of a subject: by what it promises itself, and by what the registry wants.</summary>
public static class SubjectCheck
{
    /// <summary>Every problem, each once; empty where it may.</summary>
    public static IReadOnlyList<EvolutionProblem> Problems(SchemaFile file, RegisteredSubject subject) =>
    [
        .. Against(file, subject, file.Level, file.Level.Text)
            .Concat(Against(file, subject, subject.Level, $"the registry's {subject.Level.Text}"))
            .DistinctBy(problem => (problem.Place, problem.Rule, problem.What)),
    ];

    static IEnumerable<EvolutionProblem> Against(SchemaFile file, RegisteredSubject subject, CompatibilityLevel level, string said)
    {
        foreach (var version in subject.Against(level))
        {
            var older = $"version {version.Version} of {subject.Name}";
            var found = version.Schema is { } theirs
                ? SchemaJudge.Lowered(file, CompatibilityLevel.Of(theirs.Attribute(SchemaFile.LevelAttribute)), older).Concat(SchemaJudge.Problems(file, theirs, level, said, older))
                : [new(file.Path, "", "REGISTERED_IS_NO_SCHEMA", $"against {older}", $"{version.Problem!.Message}; delete that version, or name another subject")];
            foreach (var problem in found)
            {
                yield return problem;
            }
        }
    }
}
