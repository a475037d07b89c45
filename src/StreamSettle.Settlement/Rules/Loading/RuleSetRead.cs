using StreamSettle.Kernel.Time;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>A file that was read. <see cref="Content"/> is worth something only when nothing was wrong.</summary>
/// <param name="Version">Null where it could not be read: then it collides with none.</param>
/// <param name="EffectiveFrom">Null where it could not be read.</param>
internal sealed record RuleSetRead(string File, string? Version, UtcInstant? EffectiveFrom, RuleSetContent Content);
