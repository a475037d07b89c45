using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Delivery.Lanes;

/// <summary>What goes out one at a time (I5): a merchant's lane, or a single call where no order is asked for.</summary>
/// <param name="Solo">0, or the call's own queue number where no order is asked for; negative for a call that stands apart.</param>
internal readonly record struct LaneKey(MerchantId Merchant, Lane Lane, long Solo)
{
    /// <summary>A lane of the call's own, beside those of its merchant.</summary>
    internal static LaneKey Apart(MerchantId merchant, Lane lane, long no) => new(merchant, lane, -1 - no);
}
