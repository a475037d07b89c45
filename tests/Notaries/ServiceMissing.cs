using Xunit;

namespace StreamSettle.Tests.Notaries;

/// <summary>Something that tests need is not on this machine.</summary>
static class ServiceMissing
{
    /// <summary>Skips at a desk, fails under CI=true.</summary>
    public static Exception Tell(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            return new InvalidOperationException($"CI=true, but {reason}");
        }

        Assert.Skip(reason);
        return new InvalidOperationException(reason);
    }
}
