using TrustMesh.Roots;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Bench;

/// <summary>A root that counts its signatures and can keep one back, signed already, until it is let go: meanwhile questions gather behind it. The root stays the
/// caller's.</summary>
internal sealed class CountedRoot(IRoot root) : IRoot
{
    private readonly SemaphoreSlim open = new(0);
    private TaskCompletionSource? reached;

    public int Signatures { get; private set; }

    public RootKind Kind => root.Kind;

    public AssuranceTier Tier => root.Tier;

    public string Description => root.Description;

    public DeviceId Device => root.Device;

    public ReadOnlyMemory<byte> RootPublic => root.RootPublic;

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => root.Certificates;

    public ReadOnlyMemory<byte> AttestationKey => root.AttestationKey;

    public uint Boot => root.Boot;

    /// <summary>Keeps the next signature back. Done when it has been made.</summary>
    public Task HoldNext()
    {
        reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return reached.Task;
    }

    public void Release() => open.Release();

    public Evidence Prove(EvidenceDraft draft)
    {
        var evidence = root.Prove(draft);
        Signatures++;
        if (reached is not { } hold) return evidence;
        reached = null;
        hold.SetResult();
        open.Wait();
        return evidence;
    }

    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki) => root.AnswerEnrolment(challenge, sessionSpki);

    public void Extend(ReadOnlySpan<byte> entryDigest) => root.Extend(entryDigest);

    public byte[] ReadRegister() => root.ReadRegister();

    public byte[]? Recall() => root.Recall();

    public void Remember(ReadOnlySpan<byte> memory) => root.Remember(memory);

    public void Dispose() => open.Dispose();
}
