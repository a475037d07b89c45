using StreamSettle.Schemas.Evolution;

namespace StreamSettle.Schemas.Registry.Subjects;

/// <summary>What a registry has under a subject.</summary>
/// <param name="Level">What it wants a next version to keep: the subject's own level, else the registry's.</param>
/// <param name="Versions">The oldest first; none where nothing was registered yet.</param>
public sealed record RegisteredSubject(string Name, CompatibilityLevel Level, IReadOnlyList<RegisteredVersion> Versions)
{
    /// <summary>Those that a level compares with.</summary>
    public IReadOnlyList<RegisteredVersion> Against(CompatibilityLevel level) =>
        level == CompatibilityLevel.None ? [] : level.Transitive ? Versions : [.. Versions.TakeLast(1)];
}
