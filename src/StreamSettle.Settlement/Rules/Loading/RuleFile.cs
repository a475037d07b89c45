namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>A rule file that has been fetched but not read.</summary>
/// <param name="Name">Without a folder; of two files that collide the one with the later name is refused.</param>
/// <param name="Content">UTF-8 JSON.</param>
public readonly record struct RuleFile(string Name, ReadOnlyMemory<byte> Content);
