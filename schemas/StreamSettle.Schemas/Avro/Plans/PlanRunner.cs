using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Avro.Reading;

namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>Runs the steps of a plan over bytes. Generic in the sink, so that a struct's methods are called directly.</summary>
internal static class PlanRunner
{
    public static void Run<TSink>(PlanStep step, ref AvroCursor from, ref TSink sink)
        where TSink : IAvroSink, allows ref struct
    {
        while (true)
        {
            switch (step.Op)
            {
                case PlanOp.Union:
                    step = step.Steps[from.Index(step.Steps.Length, AvroFault.BadBranch)];
                    continue;
                case PlanOp.Branch:
                    sink.Branch(step.Slot, step.Size);
                    step = step.Steps[0];
                    continue;
                case PlanOp.SkipNothing: return;
                case PlanOp.SkipLong: from.SkipLong(); return;
                case PlanOp.SkipBytes: from.Bytes(); return;
                case PlanOp.SkipSize: from.Take(step.Size); return;
                case PlanOp.Null: sink.Null(step.Slot); return;
                case PlanOp.Boolean: sink.Boolean(step.Slot, from.Boolean()); return;
                case PlanOp.Int: sink.Int(step.Slot, from.Int()); return;
                case PlanOp.Long: sink.Long(step.Slot, from.Long()); return;
                case PlanOp.Float: sink.Float(step.Slot, from.Float()); return;
                case PlanOp.Double: sink.Double(step.Slot, from.Double()); return;
                case PlanOp.Bytes: sink.Bytes(step.Slot, from.Bytes()); return;
                case PlanOp.Text: sink.Text(step.Slot, from.Text()); return;
                case PlanOp.Fixed: sink.Bytes(step.Slot, from.Take(step.Size)); return;
                case PlanOp.Enum: Enum(step, ref from, ref sink); return;
                case PlanOp.IntAsLong: sink.Long(step.Slot, from.Int()); return;
                case PlanOp.IntAsFloat: sink.Float(step.Slot, from.Int()); return;
                case PlanOp.IntAsDouble: sink.Double(step.Slot, from.Int()); return;
                case PlanOp.LongAsFloat: sink.Float(step.Slot, from.Long()); return;
                case PlanOp.LongAsDouble: sink.Double(step.Slot, from.Long()); return;
                case PlanOp.FloatAsDouble: sink.Double(step.Slot, from.Float()); return;
                case PlanOp.BytesAsText: sink.Text(step.Slot, from.Text()); return;
                case PlanOp.TextAsBytes: sink.Bytes(step.Slot, from.Text()); return;
                case PlanOp.Record: Record(step, ref from, ref sink); return;
                case PlanOp.Array: Array(step, ref from, ref sink); return;
                case PlanOp.Map: Map(step, ref from, ref sink); return;
                case PlanOp.Default: Default(step, ref sink); return;
                case PlanOp.Mismatch: throw new AvroResolutionException([step.Problem!]);
                default: PlanSkipper.Skip(step, ref from); return;
            }
        }
    }

    static void Record<TSink>(PlanStep step, ref AvroCursor from, ref TSink sink)
        where TSink : IAvroSink, allows ref struct
    {
        from.Enter();
        from.CountItems(1);
        sink.BeginRecord(step.Slot, (RecordSchema)step.Schema!);
        var steps = step.Steps;
        var i = 0;
        try
        {
            for (; i < steps.Length; i++)
            {
                Run(steps[i], ref from, ref sink);
            }
        }
        catch (AvroDataException e) when (e.LeavesPart(step.Names[i]))
        {
            throw;
        }

        sink.EndRecord(step.Slot);
        from.Leave();
    }

    static void Enum<TSink>(PlanStep step, ref AvroCursor from, ref TSink sink)
        where TSink : IAvroSink, allows ref struct
    {
        var symbol = step.Symbols[from.Index(step.Symbols.Length, AvroFault.BadSymbol)];
        if (symbol == PlanStep.NoSymbol)
        {
            throw new AvroResolutionException([step.Problem!]);
        }

        sink.Enum(step.Slot, symbol, (EnumSchema)step.Schema!);
    }

    static void Array<TSink>(PlanStep step, ref AvroCursor from, ref TSink sink)
        where TSink : IAvroSink, allows ref struct
    {
        from.Enter();
        sink.BeginArray(step.Slot);
        Items(step, isMap: false, ref from, ref sink);
        sink.EndArray(step.Slot);
        from.Leave();
    }

    static void Map<TSink>(PlanStep step, ref AvroCursor from, ref TSink sink)
        where TSink : IAvroSink, allows ref struct
    {
        from.Enter();
        sink.BeginMap(step.Slot);
        Items(step, isMap: true, ref from, ref sink);
        sink.EndMap(step.Slot);
        from.Leave();
    }

    static void Items<TSink>(PlanStep step, bool isMap, ref AvroCursor from, ref TSink sink)
        where TSink : IAvroSink, allows ref struct
    {
        var item = step.Steps[0];
        var i = 0L;
        try
        {
            for (var left = from.Block(step.Size, out var bytes); left > 0; left = from.Block(step.Size, out bytes))
            {
                var end = from.Position + bytes;
                from.CountItems(left);
                for (; left > 0; left--, i++)
                {
                    if (isMap)
                    {
                        sink.Key(from.Text());
                    }

                    Run(item, ref from, ref sink);
                }

                if (bytes >= 0)
                {
                    from.ExpectBlockEnd(end);
                }
            }
        }
        catch (AvroDataException e) when (e.LeavesPart($"[{i}]"))
        {
            throw;
        }
    }

    /// <summary>A default was encoded when its schema was parsed, so that it is read like any other value; it cannot be wrong.</summary>
    static void Default<TSink>(PlanStep step, ref TSink sink)
        where TSink : IAvroSink, allows ref struct
    {
        var from = new AvroCursor(step.Bytes.Span, AvroLimits.Default);
        Run(step.Steps[0], ref from, ref sink);
    }
}
