using TrustMesh.Wire;

namespace TrustMesh.Trust.Records;

/// <summary>A stored row that cannot be read: it is named, with what to do about it, and nothing takes its place (attack A43). Everything else works.</summary>
/// <param name="why">What is wrong with its bytes.</param>
public class UnreadableRecordException(string kind, string id, string why, Exception? inner)
    : IOException($"The stored {kind} row '{Grammar.Fit(id)}' cannot be read ({Grammar.Fit(why)}). {Remedy(kind)}", inner)
{
    /// <summary>Which row it is, in words.</summary>
    public string Row { get; } = $"{kind} row '{Grammar.Fit(id)}'";

    /// <summary>What whoever runs the silo does about such a row.</summary>
    public static string Remedy(string kind) => RecordKinds.IsIrreplaceable(kind) ? "Restore it from a backup, and do not delete it: nothing else knows what it says." : "Restore it from a backup or delete it.";
}
