using System.Globalization;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Holds;

/// <summary>How long a hold is to stand, as it was asked for: until an instant, for a time, or with both null until it is released.</summary>
readonly record struct HoldTime(UtcInstant? Until, TimeSpan? For)
{
    static readonly string[] Forms = [@"hh\:mm\:ss", @"d\.hh\:mm\:ss"];

    /// <summary>Longest that a hold can be asked for.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(3_660);

    public UtcInstant? EndFrom(UtcInstant now) => For is { } time ? now + time : Until;

    /// <summary>A hold that stands already is as this one asks.</summary>
    public bool IsOf(Hold hold) => For is { } time ? hold.Until == hold.Since + time : hold.Until == Until;

    /// <param name="problem">What is wrong with the texts; null where they are right.</param>
    public static HoldTime Read(string? until, string? time, UtcInstant now, out string? problem)
    {
        problem = null;
        switch (until, time)
        {
            case (null, null):
                return default;
            case (not null, not null):
                problem = "until and for say the same thing twice: give one of them";
                return default;
            case (not null, null):
                var isInstant = UtcInstant.TryParse(until, out var instant);
                problem = !isInstant ? $"until must be an instant with Z or offset, such as 2026-11-01T00:00:00Z, but is '{until}'"
                    : instant <= now ? $"until must lie ahead, but {instant} has passed; it is {now}"
                    : instant - now > Longest ? $"until must be within {Longest.Days} days, but is {instant}" : null;
                return new(instant, null);
            default:
                var isTime = TimeSpan.TryParseExact(time, Forms, CultureInfo.InvariantCulture, out var span);
                problem = !isTime || span <= TimeSpan.Zero || span > Longest ? $"for must be a time such as 02:00:00 or 7.00:00:00, above zero and at most {Longest.Days} days, but is '{time}'" : null;
                return new(null, span);
        }
    }
}
