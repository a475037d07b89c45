using System.Globalization;
using JasperFx.Events;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What both projections ask of the pages that Marten hands to them.</summary>
internal static class EventPages
{
    /// <exception cref="CorruptStateException">The stream is no order's.</exception>
    public static long Order(string stream) => long.TryParse(stream, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new CorruptStateException($"stream '{stream}' of the event log is no order: something else writes there");

    /// <summary>What cannot be counted is told with its place, so that somebody can look at it.</summary>
    public static T Named<T>(IEvent happened, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception failure) when (failure is CorruptStateException or FormatException or OverflowException)
        {
            throw new CorruptStateException($"event {happened.Sequence}, order {happened.StreamKey}, version {happened.Version}, {happened.EventTypeName}: {failure.Message}", failure);
        }
    }
}
