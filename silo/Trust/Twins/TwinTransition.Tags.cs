using System.Collections.Immutable;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Twins;

public static partial class TwinTransition
{
    /// <summary>
    /// A person's tags. They say nothing of trust, and no proof and no enrolment changes them; but people decide by them, so who changed which, from what, to what
    /// and why is in the timeline and in the log. What they are already is no change.
    /// </summary>
    public static TwinStep Tag(TwinState before, TagChange change, DateTimeOffset now)
    {
        if (change.Expected is { } expected && expected != before.Version)
            return TwinStep.Nothing(before, $"The device has changed since version {expected}; look at it again and repeat the change.");
        var tags = DeviceTags.Changed(before.Tags, change.Add, change.Remove);
        if (tags.SequenceEqual(before.Tags)) return TwinStep.Nothing(before);
        if (tags.Count > DeviceTags.Most) return TwinStep.Nothing(before, $"A device has at most {DeviceTags.Most} tags, and {before.Enrolment.Name} would have {tags.Count}; remove some first.");
        var reason = change.Reason is null ? null : Grammar.Fit(change.Reason);
        return With(before with { Tags = [.. tags] }, OperatorLines.Of(now, Grammar.Fit(change.Actor), "tags", DeviceTags.Text(before.Tags), DeviceTags.Text(tags), reason));
    }

    /// <summary>What its join token gives a new device. Who comes back keeps what people made of it meanwhile.</summary>
    private static TwinStep Labelled(TwinStep step, Admission admission, DateTimeOffset now)
    {
        if (admission.Tags is not { Count: > 0 } given) return step;
        var tagged = With(step.State with { Tags = [.. given] }, OperatorLines.Of(now, TwinEvent.Device, "tags", DeviceTags.None, DeviceTags.Text(given), "as its join token says"));
        return tagged with { Events = [.. step.Events, .. tagged.Events] };
    }

    /// <summary>Several lines of one change; of a full timeline the oldest go.</summary>
    private static TwinStep With(TwinState after, IReadOnlyList<TwinEvent> lines)
    {
        var timeline = after.Timeline.AddRange(lines);
        return new(after with { Timeline = timeline.RemoveRange(0, Math.Max(0, timeline.Length - TwinState.TimelineLength)) }, lines, true);
    }
}
