using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>
/// A TPM 2.0, one command at a time (part 3). Every member throws <see cref="TpmException"/> for a refusal,
/// <see cref="IOException"/> for a broken channel and <see cref="Wire.WireException"/> for a malformed answer; <see cref="TpmRoot"/>
/// turns all three into sentences. Not thread-safe.
/// </summary>
public sealed partial class TpmDevice(ITpmChannel channel, TimeProvider time) : IDisposable
{
    /// <summary>Making an RSA key takes a slow TPM a minute.</summary>
    private static readonly TimeSpan CreationDeadline = TimeSpan.FromMinutes(3), Deadline = TimeSpan.FromSeconds(60);

    /// <summary>"Not now" is taken this often, with pauses from 20 ms doubling to 1.28 s: about 5 s in all.</summary>
    private const int MaxTries = 10;

    private bool broken;

    public string Address => channel.Address;

    public bool IsManaged => channel.IsManaged;

    public bool IsSimulated => channel.IsSimulated;

    public void Dispose() => channel.Dispose();

    private TpmResponse Run(TpmCommand command)
    {
        var started = false;
        for (var attempt = 1; ; attempt++)
        {
            var response = TpmResponse.Decode(Exchange(command), command);
            if (response.Error is not { } error) return response;
            if (error.Rc == TpmRc.Initialize && command.Code != TpmCommandCode.Startup && !started)
            {
                // Power came back under us (simulators, some boards): nobody else will start it. Its PCRs and resetCount tell the story.
                started = true;
                Startup();
                continue;
            }
            if (!error.IsTransient || attempt == MaxTries) throw new TpmException(command.Code, error);
            // A pause the TPM asked for, not a way to wait for another thread.
            Task.Delay(TimeSpan.FromMilliseconds(Math.Min(20 << attempt - 1, 1280)), time).Wait();
        }
    }

    private byte[] Exchange(TpmCommand command)
    {
        if (broken) throw new IOException($"{channel.Address} failed before and must be opened again.");
        broken = true;
        var deadline = command.Code is TpmCommandCode.CreatePrimary or TpmCommandCode.Create ? CreationDeadline : Deadline;
        var answer = channel.Exchange(command.Encode(), deadline);
        broken = false;
        return answer;
    }

    private static void Nothing(TpmResponse response, string command)
    {
        if (!response.Parameters.IsEmpty) throw new Wire.WireException(command, 0, $"{response.Parameters.Length} bytes in an answer that has none");
    }
}
