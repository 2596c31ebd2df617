using TrustMesh.Tests.Parts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Peers;

/// <summary>
/// A36 over seeds: f liars among 3f + 1 examiners of every device, a quorum between f + 1 and 2f + 1. The rules are those of the silo
/// (<see cref="LedgerTransition"/>, <see cref="Credibility"/>, <see cref="TwinTransition.Hear"/>); the network and the store are left out.
/// </summary>
public sealed class LiarSimulationTests
{
    private const int Seeds = 120, Rounds = 12, Subjects = 4;

    public static TheoryData<int, string> Cases()
    {
        var cases = new TheoryData<int, string>();
        for (var liars = 1; liars <= 3; liars++)
            foreach (var strategy in (string[])["frame everyone", "clear everyone", "frame one", "alternate", "invert"]) cases.Add(liars, strategy);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void A36_With_f_liars_of_3f_and_1_no_good_device_is_suspended_and_no_bad_one_cleared(int liars, string strategy)
    {
        for (var seed = 0; seed < Seeds; seed++) new Mesh(liars, strategy, seed).Run();
    }

    [Theory, InlineData("frame everyone"), InlineData("frame one"), InlineData("invert")]
    public void A36_Who_keeps_lying_is_found_out(string strategy)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var mesh = new Mesh(1, strategy, seed);
            mesh.Run();
            Assert.True(mesh.AnyLiarDoubted, $"seed {seed}");
        }
    }

    private sealed class Mesh
    {
        private readonly ManualTime time = new();
        private readonly Random random;
        private readonly DeviceDirectory directory;
        private readonly PeerEdges edges;
        private readonly DeviceId[] examiners, subjects;
        private readonly Dictionary<DeviceId, IssuerRecord> records = [];
        private readonly Dictionary<DeviceId, TwinState> twins = [];
        private readonly HashSet<DeviceId> liars, changed = [];
        private readonly string strategy, name;
        private readonly int quorum;
        private int framed;

        public Mesh(int liars, string strategy, int seed)
        {
            random = new(seed * 31 + liars);
            (this.strategy, name) = (strategy, $"{strategy}, {liars} liars, seed {seed}");
            directory = new(time);
            edges = new(directory);
            quorum = random.Next(liars + 1, 2 * liars + 2);
            examiners = [.. Enumerable.Range(0, 3 * liars + 1).Select(i => Join($"examiner-{i}"))];
            subjects = [.. Enumerable.Range(0, Subjects).Select(i => Join($"subject-{i}"))];
            this.liars = [.. examiners.OrderBy(_ => random.Next()).Take(liars)];
        }

        public bool AnyLiarDoubted => liars.Any(edges.IsDoubted);

        public void Run()
        {
            var changes = random.Next(2, Rounds - 3);
            var bad = subjects.OrderBy(_ => random.Next()).Take(random.Next(1, Subjects)).ToHashSet();
            framed = Array.FindIndex(subjects, one => !bad.Contains(one));
            // Each examiner has its own moment in a round, now and then a little late, and some words never arrive.
            var phase = examiners.ToDictionary(one => one, _ => random.Next(0, 15));
            for (var round = 0; round < Rounds; round++)
            {
                var turns = examiners.Select(one => (Examiner: one, At: phase[one] + random.Next(0, 4))).OrderBy(turn => turn.At).ToList();
                var start = time.GetUtcNow();
                foreach (var (examiner, at) in turns)
                {
                    time.Advance(start.AddSeconds(at) - time.GetUtcNow());
                    if (round >= changes && changed.Count == 0 && at > 7) changed.UnionWith(bad);
                    if (random.Next(20) != 0) Examine(examiner, round);
                }
                if (round >= changes) changed.UnionWith(bad);
                time.Advance(start.AddSeconds(20) - time.GetUtcNow());
                Check(bad, round);
            }
            Assert.All(examiners.Where(one => !liars.Contains(one)), one => Assert.False(edges.IsDoubted(one), $"{name}: an honest examiner is doubted"));
            Assert.All(bad, one => Assert.True(twins[one].Standing == Standing.Suspended, $"{name}: a bad device was cleared"));
        }

        private void Examine(DeviceId examiner, int round)
        {
            var record = records.GetValueOrDefault(examiner) ?? IssuerRecord.None(examiner, new byte[16]);
            var verdicts = new List<VerifiedPeerVerdict>();
            for (var i = 0; i < subjects.Length; i++)
            {
                var truth = changed.Contains(subjects[i]);
                var says = liars.Contains(examiner) ? Lie(truth, i, round) : truth;
                verdicts.Add(new(PeerVerdictCase.Good(examiner, subjects[i], record.Next + i, says ? TrustTier.Contraindicated : TrustTier.Affirming, time.GetUtcNow()), default));
            }
            var step = LedgerTransition.Take(record, "examiner", new byte[16], 0, verdicts, subject => Others(examiner, subject));
            records[examiner] = step.Record;
            edges.Put(step.Record, records.Count);
            foreach (var subject in subjects) Hear(subject);
        }

        private bool Lie(bool truth, int subject, int round) => strategy switch
        {
            "frame everyone" => true,
            "clear everyone" => false,
            "frame one" => subject == framed || truth,
            "alternate" => round % 2 == 0,
            _ => !truth,
        };

        private void Hear(DeviceId subject)
        {
            var words = edges.About(subject).Select(edge => new PeerWord(edge.Issuer, edge.Issuer.Short, !edges.IsDoubted(edge.Issuer), edge.Status, edge.Reason, edge.IssuedAt, edge.ExpiresAt)).ToList();
            twins[subject] = TwinTransition.Hear(twins[subject], new([], words, quorum), time.GetUtcNow()).State;
        }

        private IReadOnlyList<HeldWord> Others(DeviceId examiner, DeviceId subject)
            => [.. edges.About(subject).Where(edge => edge.Issuer != examiner && !edges.IsDoubted(edge.Issuer)).Select(edge => edge.Word)];

        private void Check(HashSet<DeviceId> bad, int round)
        {
            foreach (var subject in subjects)
                if (twins[subject].Standing == Standing.Suspended) Assert.True(bad.Contains(subject) && changed.Contains(subject), $"{name}: a good device is suspended in round {round}");
        }

        private DeviceId Join(string called)
        {
            var device = DeviceId.FromRootKey(System.Text.Encoding.ASCII.GetBytes(called));
            var enrolment = new Enrolment(new byte[16], device, RootKind.Software, AssuranceTier.Software, new byte[32], new byte[4], "none", called, "lab", "sensor", 1, "token", time.GetUtcNow());
            twins[device] = TwinTransition.Enrol(null, new(enrolment, true), time.GetUtcNow()).State;
            directory.Put(DeviceEntry.Of(twins[device]));
            return device;
        }
    }
}
