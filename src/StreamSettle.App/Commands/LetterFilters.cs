using System.CommandLine;
using System.Globalization;
using StreamSettle.App.DeadLetters;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary>The options by which commands say which dead letters are meant.</summary>
sealed class LetterFilters
{
    readonly Option<string> stage = new("--stage", "--downstream") { Description = "A leg's name, such as split; calculation or intake." };
    readonly Option<string> merchant = new("--merchant") { Description = "A merchant's id." };
    readonly Option<string> order = new("--order") { Description = "An order's id." };
    readonly Option<string> from = new("--from") { Description = "Since when they wait at the earliest, such as 2026-11-01T00:00:00Z." };
    readonly Option<string> to = new("--to") { Description = "An instant before which they began to wait." };
    readonly Option<string> reason;

    /// <param name="reasonOption">How the option is named by which the reason begins.</param>
    public LetterFilters(string reasonOption) => reason = new(reasonOption) { Description = "How the reason begins for which they wait." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[stage, reason, merchant, order, from, to])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="UserMistakeException">An id is no number.</exception>
    public DeadLetterQuery Read(ParseResult parsed) => new(
        parsed.GetValue(stage)?.ToLowerInvariant(), parsed.GetValue(reason), Id(parsed, merchant), Id(parsed, order), parsed.GetValue(from), parsed.GetValue(to));

    /// <summary>As a query's text.</summary>
    public static string Text(DeadLetterQuery query, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] all =
        [
            ("stage", query.Stage), ("reason", query.Reason), ("merchant", query.Merchant?.ToString(CultureInfo.InvariantCulture)), ("order", query.Order?.ToString(CultureInfo.InvariantCulture)), ("from", query.From),
            ("to", query.To), .. more,
        ];
        return string.Join('&', all.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }

    static long? Id(ParseResult parsed, Option<string> option) => parsed.GetValue(option) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id
        : throw new UserMistakeException($"{option.Name} must be a number, but is '{text}'.");
}
