namespace StreamSettle.Kernel.Calls;

/// <summary>The two queues of a merchant at each downstream: order holds within each.</summary>
public enum Lane : byte
{
    Ordinary = 0,

    /// <summary>Key accounts, and net amounts above 10,000 USD.</summary>
    Priority = 1,
}
