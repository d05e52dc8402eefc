// A backend in Nest: POST /login takes the code of tt.login.
//
//     mockdouyin run -- npx tsx nest.ts
//
// tsx makes no metadata of types, so the constructor says what it is given; a project that is
// built by `nest build` needs no @Inject.

import "reflect-metadata";
import {
  BadGatewayException,
  Body,
  Controller,
  HttpCode,
  Inject,
  Module,
  Post,
  UnauthorizedException,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Douyin, RefusedError } from "./douyin.mjs";

@Controller()
export class LoginController {
  constructor(@Inject(Douyin) private readonly douyin: Douyin) {}

  @Post("login")
  @HttpCode(200)
  async login(@Body() body: { code: string }) {
    try {
      const session = await this.douyin.codeToSession(body.code);
      return { openid: session.openid };
    } catch (error) {
      if (error instanceof RefusedError) throw new UnauthorizedException(error.message);
      throw new BadGatewayException("Douyin is away");
    }
  }
}

@Module({
  controllers: [LoginController],
  providers: [{ provide: Douyin, useFactory: () => new Douyin() }],
})
export class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ["error"] });
await app.listen(process.env.PORT ?? 3000, "127.0.0.1");
