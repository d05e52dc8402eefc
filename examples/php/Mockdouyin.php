<?php

/** A world of its own for a test, on a running mockdouyin: its own app, people, clock and rules. */
class Mockdouyin
{
    /** What stands for Douyin's hosts. */
    public readonly string $url;
    /** The world's mini-program. */
    public readonly array $app;
    private string $server;
    private string $world;

    public function __construct()
    {
        $this->server = getenv('MOCKDOUYIN_URL') ?: 'http://127.0.0.1:8600';
        $made = $this->call('POST', '/_mock/worlds');
        $this->world = $made['world'];
        $this->app = $made['apps'][0];
        $this->url = "$this->server/@$this->world";
    }

    /** What a tt API hands to the front end. */
    public function phone(string $api): array
    {
        return $this->call('POST', "/_mock/worlds/$this->world/phone/$api");
    }

    /** The next calls of an endpoint are refused. */
    public function fail(string $endpoint, int $error, int $times = 1): void
    {
        $this->call('POST', "/_mock/worlds/$this->world/rules", ['on' => $endpoint, 'error' => $error, 'times' => $times]);
    }

    public function advanceClock(string $by): void
    {
        $this->call('POST', "/_mock/worlds/$this->world/clock/advance", ['by' => $by]);
    }

    /** How often an endpoint was called. */
    public function calls(string $endpoint): int
    {
        return count($this->call('GET', "/_mock/worlds/$this->world/journal?endpoint=$endpoint")['exchanges']);
    }

    /** Ends the world; tells of rules that never matched and calls that nothing answered. */
    public function close(): array
    {
        $left = $this->call('DELETE', "/_mock/worlds/$this->world");
        return [...$left['unused_rules'], ...$left['unanswered']];
    }

    private function call(string $method, string $path, array $body = []): array
    {
        $token = getenv('MOCKDOUYIN_CONTROL_TOKEN'); // `mockdouyin run` sets one
        $answer = file_get_contents($this->server . $path, context: stream_context_create(['http' => [
            'method' => $method,
            'header' => ['Content-Type: application/json', ...($token ? ["Authorization: Bearer $token"] : [])],
            'content' => $method === 'POST' ? json_encode($body ?: new stdClass()) : '',
            'ignore_errors' => true,
        ]]));
        if (!preg_match('~ 2\d\d ~', $http_response_header[0])) {
            throw new RuntimeException($answer);
        }
        return json_decode($answer, true);
    }
}
