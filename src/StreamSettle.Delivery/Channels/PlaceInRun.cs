using StreamSettle.Delivery.Lanes;

namespace StreamSettle.Delivery.Channels;

/// <summary>How many calls of its lane are to be sent before each of those that are looked at one after the other. Questions (GET) count for nothing, they have no order.</summary>
internal sealed class PlaceInRun
{
    LaneKey? lane;
    int place;

    internal int Of(OutboundCall call)
    {
        if (call.Body is null || call.IsPatch)
        {
            return 0;
        }

        place = call.Lane == lane ? place + 1 : 0;
        lane = call.Lane;
        return place;
    }
}
