using System.Buffers.Binary;
using System.Buffers.Text;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Schemas.Avro.Logical;

/// <summary>What values of logical types mean; <see cref="UnscaledDecimal"/> has the decimals. Nothing is rounded but nanoseconds, down.</summary>
public static class LogicalValues
{
    const long NanosPerMicro = 1_000;
    const long MicrosPerMilli = 1_000;

    /// <summary>A day since 1970-01-01; null outside of the years 1 to 9999.</summary>
    public static DateOnly? Date(int days)
    {
        var number = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + (long)days;
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)number) : null;
    }

    /// <summary>A time of day; null where it is no such.</summary>
    public static TimeOnly? Time(LogicalKind kind, long units)
    {
        var micros = kind == LogicalKind.TimeMillis ? units * (Int128)MicrosPerMilli : units;
        return micros >= 0 && micros < TimeSpan.MicrosecondsPerDay ? new TimeOnly((long)micros * TimeSpan.TicksPerMicrosecond) : null;
    }

    /// <summary>An instant, or for a local timestamp what a clock in UTC would show then; null beyond what microseconds can count.</summary>
    public static UtcInstant? Timestamp(LogicalKind kind, long units) => kind switch
    {
        LogicalKind.TimestampMillis or LogicalKind.LocalTimestampMillis => units is >= long.MinValue / MicrosPerMilli and <= long.MaxValue / MicrosPerMilli ? new(units * MicrosPerMilli) : null,
        LogicalKind.TimestampMicros or LogicalKind.LocalTimestampMicros => new(units),
        LogicalKind.TimestampNanos or LogicalKind.LocalTimestampNanos => new(units >= 0 ? units / NanosPerMicro : (units + 1) / NanosPerMicro - 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "is no timestamp"),
    };

    /// <summary>The identity that 16 bytes or a text mean; null where they mean none.</summary>
    public static Guid? Uuid(ReadOnlySpan<byte> value, bool isText) =>
        !isText ? new Guid(value, bigEndian: true)
        : Utf8Parser.TryParse(value, out Guid guid, out var used) && used == value.Length ? guid : null;

    /// <summary>The parts of a duration, which do not add up: a month has no fixed length.</summary>
    public static (uint Months, uint Days, uint Milliseconds) Duration(ReadOnlySpan<byte> value) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(value), BinaryPrimitives.ReadUInt32LittleEndian(value[4..]), BinaryPrimitives.ReadUInt32LittleEndian(value[8..]));
}
