namespace TrustMesh.Agent.Peers;

/// <summary>Memory for messages that are being received, of all connections together: many large ones at once are refused, not stored (A42). Thread-safe.</summary>
public sealed class MessageBudget(int bytes)
{
    private int left = bytes;

    public bool TryTake(int size)
    {
        if (Interlocked.Add(ref left, -size) >= 0) return true;
        Interlocked.Add(ref left, size);
        return false;
    }

    public void GiveBack(int size) => Interlocked.Add(ref left, size);
}
