namespace TrustMesh.Cli.Api;

/// <summary>The operator listeners of one mesh, any of which will do, and the one that is asked now. A session with them counts at each.</summary>
internal sealed class SiloAddresses
{
    private const int Most = 8;

    private readonly Uri[] all;
    private int now;

    private SiloAddresses(Uri[] all) => this.all = all;

    public int Count => all.Length;

    /// <summary>Whom to ask now.</summary>
    public Uri Now => all[Volatile.Read(ref now)];

    /// <summary>Reads addresses with commas between them; a failure for anything that is not a plain http(s) address, for one that stands there twice, and for more than eight.</summary>
    public static SiloAddresses Parse(string text)
    {
        var all = text.Split(',').Select(word => SiloAddress.Parse(word.Trim())).ToArray();
        if (all.Length > Most) throw new CommandFailure(ExitCode.Usage, $"There are {all.Length} addresses of silos.", $"Give at most {Most}.");
        if (all.Distinct().Count() < all.Length) throw new CommandFailure(ExitCode.Usage, $"'{text}' has an address twice.", "Give each once.");
        return new(all);
    }

    /// <summary>This one failed: on to the next.</summary>
    public void Pass(Uri failed)
    {
        var here = Array.IndexOf(all, failed);
        Interlocked.CompareExchange(ref now, (here + 1) % all.Length, here);
    }

    /// <summary>As given, with commas: what a session is kept under, so that its token is sent to nobody who did not stand there when it was given.</summary>
    public override string ToString() => string.Join(',', all.Select(silo => silo.ToString()));
}
