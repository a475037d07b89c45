using System.Runtime.ExceptionServices;

namespace StreamSettle.Streamiz.Tests.Driver;

/// <summary>Takes turns between a test and the thread of Streamiz: the thread works until nothing is left to do and waits there, and only then the test goes on.</summary>
sealed class Turns
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Lock gate = new();
    readonly SemaphoreSlim asked = new(0);
    readonly SemaphoreSlim rested = new(0);
    bool hasBegun;
    volatile bool hasEnded;
    volatile Exception? failure;

    public bool HasEnded => hasEnded;

    /// <summary>From now on the thread waits where nothing is left to do.</summary>
    public void Begin()
    {
        lock (gate)
        {
            hasBegun = true;
        }

        Await(() => "the thread comes to rest after its start");
    }

    /// <summary>Lets the thread work; returns when it is at rest.</summary>
    /// <exception cref="Exception">What ended the thread, now or before.</exception>
    public void Ask(Func<string> what)
    {
        Throw();
        asked.Release();
        Await(what);
    }

    /// <summary>On the thread, where nothing is left to do: waits until it is asked again.</summary>
    public void Rest()
    {
        lock (gate)
        {
            if (!hasBegun || hasEnded)
            {
                return;
            }
        }

        rested.Release();
        asked.Wait();
    }

    /// <summary>On the thread, which ends.</summary>
    public void Fail(Exception exception)
    {
        failure = exception;
        rested.Release();
    }

    /// <summary>Lets the thread go on to its end.</summary>
    public void End()
    {
        hasEnded = true;
        asked.Release();
    }

    void Await(Func<string> what)
    {
        var came = rested.Wait(Patience);
        Throw();
        if (!came)
        {
            throw new TimeoutException(what());
        }
    }

    void Throw()
    {
        if (failure is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }
}
