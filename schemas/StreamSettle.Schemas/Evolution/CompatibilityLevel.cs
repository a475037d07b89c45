namespace StreamSettle.Schemas.Evolution;

/// <summary>What a new version of a schema has to keep, as Confluent's registry has it.</summary>
/// <param name="Text">As the registry and the attribute <c>compatibility</c> of a schema write it.</param>
/// <param name="Backward">Its readers read what earlier versions wrote.</param>
/// <param name="Forward">Earlier versions' readers read what it writes.</param>
/// <param name="Transitive">That holds against every earlier version, not just the last.</param>
public sealed record CompatibilityLevel(string Text, bool Backward, bool Forward, bool Transitive)
{
    public static CompatibilityLevel None { get; } = new("NONE", Backward: false, Forward: false, Transitive: false);

    public static IReadOnlyList<CompatibilityLevel> All { get; } =
    [
        None,
        new("BACKWARD", Backward: true, Forward: false, Transitive: false),
        new("BACKWARD_TRANSITIVE", Backward: true, Forward: false, Transitive: true),
        new("FORWARD", Backward: false, Forward: true, Transitive: false),
        new("FORWARD_TRANSITIVE", Backward: false, Forward: true, Transitive: true),
        new("FULL", Backward: true, Forward: true, Transitive: false),
        new("FULL_TRANSITIVE", Backward: true, Forward: true, Transitive: true),
    ];

    /// <summary>The level of that text; null where there is none.</summary>
    public static CompatibilityLevel? Of(string? text) => All.FirstOrDefault(level => level.Text == text);

    /// <summary>True where this keeps all that the other keeps.</summary>
    public bool Keeps(CompatibilityLevel other) => (Backward || !other.Backward) && (Forward || !other.Forward) && (Transitive || !other.Transitive);
}
