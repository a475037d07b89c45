using StreamSettle.App.Composition;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.App.WhatIf;

/// <summary>By which rules one side of a comparison divides.</summary>
abstract record RuleChoice(string Name)
{
    /// <summary>The word for what the event log has.</summary>
    const string AsSettled = "recorded";

    /// <param name="text">A version of <paramref name="directory"/>, a folder of rule sets, or <c>recorded</c>.</param>
    /// <param name="directory"><c>Rules:Directory</c>; null where it is not set.</param>
    /// <exception cref="UserMistakeException">It is none of them, or its rule sets cannot be used.</exception>
    public static RuleChoice Read(string text, string? directory)
    {
        if (text == AsSettled)
        {
            return new Recorded(text);
        }

        if (Directory.Exists(text))
        {
            return new Book(text, RuleFiles.Load(text, "The folder"));
        }

        if (directory is null)
        {
            throw new UserMistakeException($"'{text}' is no folder of rule sets; for it to be a version, set Rules:Directory to the folder that has it.");
        }

        var book = RuleFiles.Load(directory);
        return book.OfVersion(text) is { } set
            ? new Version(text, set)
            : throw new UserMistakeException(
                $"'{text}' is no version in '{directory}' (it has {string.Join(", ", book.Sets.Select(known => known.Version))}), no folder of rule sets, and not '{AsSettled}', which is what the event log has.");
    }

    /// <summary>The rules for an order; null where none are in force.</summary>
    public abstract RuleSet? For(UtcInstant completedAt);

    /// <summary>As it was settled.</summary>
    public sealed record Recorded(string Name) : RuleChoice(Name)
    {
        public override RuleSet? For(UtcInstant completedAt) => throw new BrokenInvariantException("what is recorded is divided by no rules");
    }

    /// <summary>One version for all, whatever instant it is in force from.</summary>
    public sealed record Version(string Name, RuleSet Set) : RuleChoice(Name)
    {
        public override RuleSet? For(UtcInstant completedAt) => Set;
    }

    /// <summary>Of a folder, for each order the set in force when it was completed.</summary>
    public sealed record Book(string Name, RuleBook Sets) : RuleChoice(Name)
    {
        public override RuleSet? For(UtcInstant completedAt) => Sets.InForce(completedAt);
    }
}
