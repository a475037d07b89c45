using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Avro.Reading;

namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>Passes over what nobody wants. Where a block says how long it is, that is believed as far as there are bytes.</summary>
internal static class PlanSkipper
{
    public static void Skip(PlanStep step, ref AvroCursor from)
    {
        while (true)
        {
            switch (step.Op)
            {
                case PlanOp.SkipNothing: return;
                case PlanOp.SkipInt: from.SkipInt(); return;
                case PlanOp.SkipLong: from.SkipLong(); return;
                case PlanOp.SkipIndex: from.Index(step.Size, AvroFault.BadSymbol); return;
                case PlanOp.SkipBytes: from.Bytes(); return;
                case PlanOp.SkipSize: from.Take(step.Size); return;
                case PlanOp.SkipBlocks: Blocks(step, ref from); return;
                case PlanOp.SkipRecord: Record(step, ref from); return;
                case PlanOp.Union: step = step.Steps[from.Index(step.Steps.Length, AvroFault.BadBranch)]; continue;
                default: throw new InvalidOperationException($"{step.Op} is nothing to pass over");
            }
        }
    }

    static void Record(PlanStep step, ref AvroCursor from)
    {
        from.Enter();
        from.CountItems(1);
        var i = 0;
        try
        {
            for (; i < step.Steps.Length; i++)
            {
                Skip(step.Steps[i], ref from);
            }
        }
        catch (AvroDataException e) when (e.LeavesPart(step.Names[i]))
        {
            throw;
        }

        from.Leave();
    }

    static void Blocks(PlanStep step, ref AvroCursor from)
    {
        from.Enter();
        for (var count = from.Block(step.Size, out var bytes); count > 0; count = from.Block(step.Size, out bytes))
        {
            if (bytes >= 0)
            {
                from.Take(bytes);
                continue;
            }

            from.CountItems(count);
            for (; count > 0; count--)
            {
                foreach (var part in step.Steps)
                {
                    Skip(part, ref from);
                }
            }
        }

        from.Leave();
    }
}
