using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Topology.Clock;

namespace StreamSettle.Topology.Payouts;

/// <summary>Whether a split may go now, by its calendar: terms as they were agreed at the calculation, days and places as they are known now.</summary>
sealed class PayoutWindow(PayoutCalendars calendars, MerchantPlaces places, FiringGate gate)
{
    /// <summary>Nothing is let go while the wall clock cannot be trusted or the event log is too far behind.</summary>
    public bool MayLetGo => gate.MayPayOut;

    /// <param name="agreed">Null: nothing is, and any time will do.</param>
    public PayoutTime At(AgreedPayout? agreed, MerchantId merchant, UtcInstant now)
    {
        if (agreed?.Calendar is not { } calendar)
        {
            return PayoutTime.Open.Instance;
        }

        if (!gate.IsClockTrusted)
        {
            return new PayoutTime.Unknown("the wall clock has jumped, so nobody knows what day it is");
        }

        var (country, zone) = places.Of(merchant);
        return calendar == AgreedPayout.MerchantCountry && country.Length == 0
            ? new PayoutTime.Unknown("the merchant's country is not known; fill the column in")
            : calendars.Next(calendar == AgreedPayout.MerchantCountry ? country : calendar, zone, agreed.CutOff, now);
    }
}
