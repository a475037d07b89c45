using System.CommandLine;
using System.Globalization;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Reports;

/// <summary>From an instant on, up to another that is not in it.</summary>
readonly record struct Period(UtcInstant From, UtcInstant To)
{
    const string DateForm = "yyyy-MM-dd";

    public static Option<string?> FromOption() => new("--from") { Description = "The first instant, such as 2026-11-01T00:00:00Z; of a date its midnight in UTC. Default: from the beginning." };

    public static Option<string?> ToOption() => new("--to") { Description = "The first instant that is not in it any more, as --from. Default: to the end." };

    /// <param name="from">Null: from the first instant that there is.</param>
    /// <param name="to">Null: up to the last.</param>
    /// <exception cref="UserMistakeException">One of them is no instant, or they are the wrong way round.</exception>
    public static Period Read(string? from, string? to)
    {
        var period = new Period(from is null ? UtcInstant.MinValue : Instant("--from", from), to is null ? UtcInstant.MaxValue : Instant("--to", to));
        return period.From < period.To ? period : throw new UserMistakeException($"--from must be before --to, but {period.From} is not before {period.To}.");
    }

    /// <exception cref="UserMistakeException">It is no instant, and no date.</exception>
    public static UtcInstant Instant(string option, string text)
    {
        if (DateOnly.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return UtcInstant.From(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero));
        }

        return UtcInstant.TryParse(text, out var instant)
            ? instant
            : throw new UserMistakeException($"{option} must be an instant with Z or offset (2026-11-01T00:00:00Z) or a date ({DateForm}), but is '{text}'.");
    }
}
