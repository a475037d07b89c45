using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Delivery.Lanes;

/// <summary>What goes out one at a time (I5): a merchant's lane, or a single call where no order is asked for.</summary>
/// <param name="Solo">0, or the call's own queue number where no order is asked for.</param>
internal readonly record struct LaneKey(MerchantId Merchant, Lane Lane, long Solo);
