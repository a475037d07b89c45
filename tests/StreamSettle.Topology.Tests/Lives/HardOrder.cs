namespace StreamSettle.Topology.Tests.Lives;

/// <summary>What the shop said of an order, in the shop's order, and what a person who saw all of it would make of it: the model of <see cref="HardLife"/>.</summary>
sealed class HardOrder(long id)
{
    readonly List<Change> changes = [];
    int lastRead = -1;
    bool forgotten;

    public long Id => id;

    /// <summary>The row as the shop has it, whoever can read it; null for none.</summary>
    public ShopOrder? Latest => changes.LastOrDefault(change => change.Row is not null)?.Row;

    public bool IsCalculated { get; private set; }

    /// <summary>What counted when the order was calculated; null where that could not be known.</summary>
    public ShopOrder? CalculatedFrom { get; private set; }

    /// <summary>At its calculation a change that nobody had read, replayed or discarded came after what was known.</summary>
    public bool CalculatedInDoubt { get; private set; }

    /// <summary>Refunds that were read, in this order, after the calculation and before the order was forgotten.</summary>
    public List<string> LaterRefunds { get; } = [];

    /// <summary>The last change that counts: a discarded one does not.</summary>
    public ShopOrder? Counting => changes.LastOrDefault(change => !change.Discarded)?.Row;

    public void Written(ShopOrder? row, bool torn, bool isKnown)
    {
        changes.Add(new(row) { Open = torn });
        forgotten |= IsCalculated && !isKnown;
        if (!torn)
        {
            Read(changes.Count - 1);
        }
    }

    public void At(long lsn) => changes[^1].Lsn = lsn;

    public int NumberAt(long lsn) => changes.FindIndex(change => change.Lsn == lsn);

    public void Replayed(int number, bool isKnown)
    {
        changes[number].Open = false;
        forgotten |= IsCalculated && !isKnown;
        if (number > lastRead)
        {
            Read(number);
        }
    }

    public void Discarded(int number) => (changes[number].Open, changes[number].Discarded) = (false, true);

    public void Calculated()
    {
        IsCalculated = true;
        CalculatedFrom = Counting;
        CalculatedInDoubt = changes.FindLastIndex(change => change.Open) > lastRead;
    }

    void Read(int number)
    {
        lastRead = number;
        if (IsCalculated && !forgotten && changes[number].Row is { } row)
        {
            LaterRefunds.Add(row.Refunded);
        }
    }

    sealed class Change(ShopOrder? row)
    {
        public ShopOrder? Row => row;

        public long Lsn { get; set; }

        /// <summary>It cannot be read, and nobody has answered its dead letter.</summary>
        public bool Open { get; set; }

        public bool Discarded { get; set; }
    }
}
