namespace StreamSettle.Delivery.Options;

/// <summary>How many calls of one merchant and lane a batch may hold. Source: the contract, ordered batches.</summary>
public enum BatchOrder
{
    /// <summary>One: nothing is known of the order in which the system works through a batch.</summary>
    OnePerMerchant = 0,

    /// <summary>
    /// Many, in their order: the system promises to work through them in it, and to answer 424 to those behind one that is neither delivered nor rejected, having done nothing of them.
    /// </summary>
    InOrder = 1,
}
