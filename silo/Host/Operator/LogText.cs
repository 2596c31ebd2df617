using TrustMesh.Contracts;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Host.Operator;

/// <summary>Entries of the log for people.</summary>
internal static class LogText
{
    public static LogEntryView View(long index, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var entry = MeshLogEntry.Decode(bytes);
            var kind = Enum.IsDefined((EventKind)entry.Kind) ? EventKinds.Text((EventKind)entry.Kind) : $"kind {entry.Kind}";
            return new(index, DateTimeOffset.FromUnixTimeMilliseconds(entry.At), kind, entry.Device?.Text, entry.Name, entry.Text, entry.Actor, entry.Version);
        }
        catch (WireException broken)
        {
            // It stands in the list all the same: an entry that somebody spoilt is what a reader of a log looks for.
            return new(index, DateTimeOffset.UnixEpoch, "unreadable", null, "", Grammar.Fit(broken.Message), "", 0);
        }
    }
}
