namespace StreamSettle.Streams.Tasks;

/// <summary>Tells a stream thread that some mailbox has something. One ring wakes it; further rings until it looks are free.</summary>
sealed class Bell(Action wake)
{
    int rung;

    public bool HasRung => Volatile.Read(ref rung) != 0;

    public void Ring()
    {
        if (Interlocked.Exchange(ref rung, 1) == 0)
        {
            wake();
        }
    }

    /// <summary>True once after any number of rings.</summary>
    public bool Answer() => HasRung && Interlocked.Exchange(ref rung, 0) != 0;
}
