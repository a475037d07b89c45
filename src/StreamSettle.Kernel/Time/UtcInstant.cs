using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace StreamSettle.Kernel.Time;

/// <summary>An instant in UTC, whole microseconds since the Unix epoch: what PostgreSQL keeps, so that nothing fires early by rounding.</summary>
/// <param name="Microseconds">Since 1970-01-01T00:00:00Z, without leap seconds; negative before.</param>
public readonly record struct UtcInstant(long Microseconds) : IComparable<UtcInstant>
{
    const long PerSecond = 1_000_000;

    // The calendar repeats every 400 years.
    const int YearsPerCycle = 400;
    const long SecondsPerCycle = 146_097L * 86_400;

    /// <summary>The first instant that a <see cref="DateTimeOffset"/> knows, 0001-01-01T00:00:00Z.</summary>
    public static UtcInstant MinValue { get; } = FromTicks(DateTimeOffset.MinValue.UtcTicks);

    /// <summary>The last instant that a <see cref="DateTimeOffset"/> knows, to the microsecond.</summary>
    public static UtcInstant MaxValue { get; } = FromTicks(DateTimeOffset.MaxValue.UtcTicks);

    public static UtcInstant operator +(UtcInstant instant, TimeSpan duration) => new(checked(instant.Microseconds + duration.Ticks / TimeSpan.TicksPerMicrosecond));

    public static UtcInstant operator -(UtcInstant instant, TimeSpan duration) => instant + -duration;

    public static TimeSpan operator -(UtcInstant later, UtcInstant earlier) => TimeSpan.FromMicroseconds(later.Microseconds - earlier.Microseconds);

    public static bool operator <(UtcInstant left, UtcInstant right) => left.Microseconds < right.Microseconds;

    public static bool operator >(UtcInstant left, UtcInstant right) => left.Microseconds > right.Microseconds;

    public static bool operator <=(UtcInstant left, UtcInstant right) => left.Microseconds <= right.Microseconds;

    public static bool operator >=(UtcInstant left, UtcInstant right) => left.Microseconds >= right.Microseconds;

    /// <summary>The clock's time, rounded down: a mark is never passed early.</summary>
    public static UtcInstant Now(TimeProvider time) => FromTicks(time.GetUtcNow().UtcTicks);

    /// <summary>Rounds 100 ns ticks down to microseconds.</summary>
    public static UtcInstant From(DateTimeOffset value) => FromTicks(value.UtcTicks);

    /// <exception cref="ArgumentOutOfRangeException">Outside the years 1 to 9999.</exception>
    public DateTimeOffset ToDateTimeOffset() => new(checked(Microseconds * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);

    public int CompareTo(UtcInstant other) => Microseconds.CompareTo(other.Microseconds);

    /// <summary>ISO 8601 in UTC ending in <c>Z</c>, the fraction without trailing zeros: <c>2026-11-01T00:00:00.12Z</c>; years beyond 9999 expanded, <c>+10000-...</c>.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <summary>Longest text of <see cref="Format"/>.</summary>
    public const int MaxTextLength = 40;

    /// <summary>Writes the same as <see cref="ToString"/>; returns the number of bytes.</summary>
    public int Format(Span<byte> destination)
    {
        var seconds = Math.DivRem(Microseconds, PerSecond, out var fraction);
        if (fraction < 0)
        {
            fraction += PerSecond;
            seconds--;
        }

        var length = FormatSeconds(seconds, destination);
        if (fraction != 0)
        {
            destination[length++] = (byte)'.';
            Utf8Formatter.TryFormat(fraction, destination[length..], out var digits, new System.Buffers.StandardFormat('D', 6));
            length += digits;
            while (destination[length - 1] == (byte)'0')
            {
                length--;
            }
        }

        destination[length++] = (byte)'Z';
        return length;
    }

    /// <summary>
    /// Reads ISO 8601: <c>yyyy-MM-ddTHH:mm:ss[.f...](Z|±HH[:mm])</c>, a space may stand for the T. Fractions finer than microseconds must be zero there.
    /// </summary>
    /// <returns>False for anything else: a date alone, a time without offset, a day that does not exist.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out UtcInstant value)
    {
        value = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':'
            || !Digits(text, 0, 4, out var year) || !Digits(text, 5, 2, out var month) || !Digits(text, 8, 2, out var day)
            || !Digits(text, 11, 2, out var hour) || !Digits(text, 14, 2, out var minute) || !Digits(text, 17, 2, out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var at = 19;
        if (!Fraction(text, ref at, out var micros) || !Offset(text, at, out var offsetMinutes))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        value = new(ticks / TimeSpan.TicksPerMicrosecond + micros - offsetMinutes * 60L * PerSecond);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out UtcInstant)"/>
    public static bool TryParse(string text, out UtcInstant value)
    {
        value = default;
        return text.Length <= 64 && Ascii.IsValid(text) && TryParse(Encoding.ASCII.GetBytes(text), out value);
    }

    /// <exception cref="FormatException">Not of the form that <see cref="TryParse(string, out UtcInstant)"/> reads.</exception>
    public static UtcInstant Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not an ISO 8601 instant with Z or an offset");

    /// <summary>Reads back what <see cref="ToString"/> writes, expanded years too.</summary>
    /// <exception cref="FormatException">It is nothing that <see cref="ToString"/> writes.</exception>
    public static UtcInstant ParseWritten(string text)
    {
        var end = text is ['+' or '-', ..] ? text.IndexOf('-', 1) : -1;
        if (end < 0)
        {
            return Parse(text);
        }

        var year = long.Parse(text.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var cycles = FloorDivide(year, YearsPerCycle) - 1;
        var like = Parse(string.Create(CultureInfo.InvariantCulture, $"{year - cycles * YearsPerCycle:0000}{text.AsSpan(end)}"));
        return new(unchecked(like.Microseconds + cycles * SecondsPerCycle * PerSecond));
    }

    static int FormatSeconds(long seconds, Span<byte> destination)
    {
        var inRange = seconds >= MinValue.Microseconds / PerSecond && seconds <= MaxValue.Microseconds / PerSecond;
        if (inRange)
        {
            return FormatSeconds(new UtcInstant(seconds * PerSecond).ToDateTimeOffset().UtcDateTime, destination);
        }

        // An instant in range that looks the same but for its year.
        var cycles = FloorDivide(seconds, SecondsPerCycle);
        var like = new UtcInstant((seconds - cycles * SecondsPerCycle) * PerSecond).ToDateTimeOffset();
        var text = string.Create(CultureInfo.InvariantCulture, $"{like.Year + cycles * YearsPerCycle:+00000;-00000}-{like:MM-ddTHH:mm:ss}");
        return Encoding.ASCII.GetBytes(text, destination);
    }

    // Digit by digit: a settlement writes some twenty instants, and a pattern is read anew for each.
    static int FormatSeconds(DateTime at, Span<byte> destination)
    {
        "0000-00-00T00:00:00"u8.CopyTo(destination);
        var (year, month, day) = DateOnly.FromDateTime(at);
        TwoDigits(destination, year / 100);
        TwoDigits(destination[2..], year % 100);
        TwoDigits(destination[5..], month);
        TwoDigits(destination[8..], day);
        TwoDigits(destination[11..], at.Hour);
        TwoDigits(destination[14..], at.Minute);
        TwoDigits(destination[17..], at.Second);
        return "0000-00-00T00:00:00".Length;
    }

    static void TwoDigits(Span<byte> destination, int value) => (destination[0], destination[1]) = ((byte)('0' + value / 10), (byte)('0' + value % 10));

    static UtcInstant FromTicks(long utcTicks) => new(FloorDivide(utcTicks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond));

    static long FloorDivide(long value, long by)
    {
        var quotient = Math.DivRem(value, by, out var rest);
        return rest < 0 ? quotient - 1 : quotient;
    }

    static bool Digits(ReadOnlySpan<byte> text, int start, int count, out int value)
    {
        value = 0;
        for (var i = start; i < start + count; i++)
        {
            if (!char.IsAsciiDigit((char)text[i]))
            {
                return false;
            }

            value = value * 10 + (text[i] - '0');
        }

        return true;
    }

    static bool Fraction(ReadOnlySpan<byte> text, ref int at, out long micros)
    {
        micros = 0;
        if (at >= text.Length || text[at] != '.')
        {
            return true;
        }

        var start = ++at;
        for (var scale = PerSecond / 10; at < text.Length && char.IsAsciiDigit((char)text[at]); at++, scale /= 10)
        {
            if (scale == 0 && text[at] != '0')
            {
                return false;
            }

            micros += (text[at] - '0') * scale;
        }

        return at > start;
    }

    static bool Offset(ReadOnlySpan<byte> text, int at, out int minutes)
    {
        minutes = 0;
        if (at >= text.Length)
        {
            return false;
        }

        var rest = text[at..];
        if (rest.Length == 1 && rest[0] is (byte)'Z' or (byte)'z')
        {
            return rest.Length == 1;
        }

        if (rest[0] is not ((byte)'+' or (byte)'-') || rest.Length is not (3 or 5 or 6) || !Digits(rest, 1, 2, out var hours))
        {
            return false;
        }

        var extra = 0;
        if (rest.Length == 5 && !Digits(rest, 3, 2, out extra))
        {
            return false;
        }

        if (rest.Length == 6 && (rest[3] != ':' || !Digits(rest, 4, 2, out extra)))
        {
            return false;
        }

        if (hours > 23 || extra > 59)
        {
            return false;
        }

        minutes = (hours * 60 + extra) * (rest[0] == '-' ? -1 : 1);
        return true;
    }
}
